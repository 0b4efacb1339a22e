/** `/api/auth/login` and `/api/users`. */
import { Elysia, t } from "elysia";
import type { Caller, Guards } from "../core.ts";
import { Forbidden } from "../errors.ts";
import { factsOf } from "../http/request-facts.ts";
import type { Login } from "./login.ts";
import { MAX_PASSWORD_BYTES } from "./password.ts";
import type { Users } from "./service.ts";
import { canonicalUserId } from "./user-id.ts";

/** Longer than any that is valid: the service says what is. */
const UserId = t.String({ minLength: 1, maxLength: 256, examples: ["alice"] });
const Password = t.String({ maxLength: MAX_PASSWORD_BYTES });
const Role = t.Union([t.Literal("admin"), t.Literal("user")]);
const ById = t.Object({ id: UserId });

export interface UserRoutesOptions {
  users: Users;
  login: Login;
  guards: Guards;
}

export const userRoutes = (options: UserRoutesOptions) =>
  new Elysia().use(publicRoutes(options)).use(adminRoutes(options)).use(ownRoutes(options));

const publicRoutes = ({ login }: UserRoutesOptions) =>
  new Elysia({ tags: ["users"] })
    .post(
      "/api/auth/login",
      async ({ body, request, set }) => {
        set.headers["cache-control"] = "no-store";
        return login.login(body.user_id, body.password, factsOf(request));
      },
      {
        body: t.Object({ user_id: UserId, password: Password }),
        response: { 200: t.Object({ token: t.String(), user_id: t.String(), role: Role, expires_in: t.Number() }) },
        detail: { summary: "Logs in", security: [] },
      },
    )
    .post(
      "/api/users",
      async ({ body, request, status }) => {
        const { user_id, role } = await login.register(body.user_id, body.password, body.invite_code, factsOf(request));
        return status(201, { user_id, role });
      },
      {
        body: t.Object({ user_id: UserId, password: Password, invite_code: t.String({ maxLength: 1024 }) }),
        response: { 201: t.Object({ user_id: t.String(), role: Role }) },
        detail: { summary: "Registers a user, with the invite code", security: [] },
      },
    );

const adminRoutes = ({ users, guards }: UserRoutesOptions) =>
  new Elysia({ tags: ["users"] }).derive(guards.admin).get("/api/users", async () => users.list(), {
    response: { 200: t.Array(t.Object({ user_id: t.String(), role: Role, created_at: t.String() })) },
    detail: { summary: "Lists the users" },
  });

const ownRoutes = ({ users, login, guards }: UserRoutesOptions) =>
  new Elysia({ tags: ["users"] })
    .derive(guards.user)
    .delete(
      "/api/users/:id",
      async ({ params, caller, set }) => {
        refuseStrangers(caller, params.id);
        await users.remove(params.id);
        set.status = 204;
      },
      {
        params: ById,
        detail: {
          summary: "Deletes a user",
          description: "For admins, or oneself. The last admin cannot go.",
          responses: { 204: { description: "Deleted, and logged out everywhere" } },
        },
      },
    )
    .put(
      "/api/users/:id/password",
      async ({ params, body, caller, request, set }) => {
        refuseStrangers(caller, params.id);
        if (isSelf(caller, params.id)) {
          await login.changePassword(caller.userId, body.password, body.current_password, factsOf(request));
        } else await users.setPassword(params.id, body.password);
        set.status = 204;
      },
      {
        params: ById,
        body: t.Object({ password: Password, current_password: t.Optional(Password) }),
        detail: {
          summary: "Changes a password",
          description: "For admins, or oneself; one's own needs the current one. Ends every login of that user.",
          responses: { 204: { description: "Changed, and logged out everywhere" } },
        },
      },
    );

const isSelf = (caller: Caller, id: string): boolean => caller.userId === canonicalUserId(id);

/** Whoever is not an admin learns nothing about other users, not even whether they exist. */
function refuseStrangers(caller: Caller, id: string): void {
  if (caller.role !== "admin" && !isSelf(caller, id)) throw new Forbidden("only an admin may do this to another user");
}
