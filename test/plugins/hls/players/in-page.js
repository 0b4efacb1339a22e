// Put into every page before its own scripts: what a test asks of the video there.
window.probe = (() => {
  const video = () => document.querySelector("video");
  const timeout = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  let waits = 0;
  let analyser;
  const ahead = () => {
    const { buffered, currentTime } = video();
    const within = [...Array(buffered.length).keys()].filter((at) => buffered.start(at) <= currentTime);
    return Math.max(0, ...within.map((at) => buffered.end(at) - currentTime));
  };
  // A decoder on a busy machine waits too, with everything at hand. Media events do not bubble, but can be caught on their way down.
  document.addEventListener("waiting", () => ahead() < 0.2 && waits++, true);

  return {
    /** How often the video has had to wait for the server since the last call. */
    waits() {
      const counted = waits;
      waits = 0;
      return counted;
    },
    /** The red of the lower right part of the picture, 0 to 255; null while there is none. */
    level() {
      if (!(video()?.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA)) return null;
      const canvas = new OffscreenCanvas(4, 4);
      const context = canvas.getContext("2d");
      context.drawImage(video(), 0, 0, 4, 4);
      return context.getImageData(3, 3, 1, 1).data[0];
    },
    /** Resolves with the time of a frame that is there after the seek, seconds. */
    seek(secs) {
      return new Promise((resolve) => {
        const look = (_now, { mediaTime }) => {
          if (Math.abs(mediaTime - secs) < 0.5) resolve(mediaTime);
          else video().requestVideoFrameCallback(look);
        };
        video().requestVideoFrameCallback(look);
        video().currentTime = secs;
      });
    },
    /** The loudest frequency of what is played, Hz. */
    async tone() {
      if (!analyser) {
        const context = new AudioContext();
        await context.resume();
        analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
        context.createMediaElementSource(video()).connect(analyser).connect(context.destination);
      }
      await timeout(200); // the length of its window
      const levels = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(levels);
      const loudest = levels.reduce((best, level, at) => (level > levels[best] ? at : best), 0);
      return (loudest * analyser.context.sampleRate) / analyser.fftSize;
    },
    /** The lines of text that the browser itself shows. */
    cues() {
      const showing = [...video().textTracks].filter(({ mode }) => mode === "showing");
      return showing.flatMap(({ activeCues }) => [...(activeCues ?? [])].map(({ text }) => text));
    },
  };
})();
