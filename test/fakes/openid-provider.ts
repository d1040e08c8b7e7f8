/** An OpenID provider that signs everybody in who comes, without asking. */

import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { listen } from "./listening";

/** A provider that is served. */
export interface OpenIdProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  close: () => void;
}

interface Grant {
  nonce: string | null;
  redirectUri: string;
  challenge: string | null;
}

/** Serves one; its user's id is `sub`. */
export async function startOpenIdProvider(sub: string): Promise<OpenIdProvider> {
  const clientId = "acme";
  const clientSecret = "a secret that provider and app share";
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  let issuer = "";

  const idTokenFor = ({ nonce }: Grant): string => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer,
      aud: clientId,
      sub,
      iat: now,
      exp: now + 60,
      nonce: nonce ?? undefined,
    };
    const parts = [{ alg: "RS256" }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    const signed = parts.join(".");
    return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
  };

  /** One code, one token: for the client that knows its secret, and the key of the code's challenge. */
  const exchange = async (req: IncomingMessage): Promise<object | undefined> => {
    const form = new URLSearchParams(await textOf(req));
    const grant = grants.get(form.get("code") ?? "");
    grants.delete(form.get("code") ?? "");
    const [, basic = ""] = /^Basic (.*)$/.exec(req.headers.authorization ?? "") ?? [];
    const [id, secret = ""] = Buffer.from(basic, "base64").toString().split(":");
    const isClient = id === clientId && secret.replaceAll("+", " ") === clientSecret;
    const verifier = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (!isClient || grant === undefined || grant.challenge !== verifier) return undefined;
    if (grant.redirectUri !== form.get("redirect_uri")) return undefined;
    return { access_token: randomUUID(), token_type: "Bearer", id_token: idTokenFor(grant) };
  };

  const server: Server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? "/", issuer);
    const tell = (body: object | undefined) => {
      res.writeHead(body === undefined ? 400 : 200, { "Content-Type": "application/json" });
      res.end(JSON.stringify(body ?? { error: "invalid_grant" }));
    };
    if (pathname === "/.well-known/openid-configuration") {
      const at = (name: string) => `${issuer}/${name}`;
      tell({
        issuer,
        authorization_endpoint: at("authorize"),
        token_endpoint: at("token"),
        userinfo_endpoint: at("userinfo"),
        jwks_uri: at("jwks"),
      });
    } else if (pathname === "/authorize") {
      const code = randomUUID();
      const redirectUri = searchParams.get("redirect_uri") ?? "";
      const [nonce, challenge] = [searchParams.get("nonce"), searchParams.get("code_challenge")];
      grants.set(code, { nonce, redirectUri, challenge });
      const back = new URL(redirectUri);
      back.searchParams.set("code", code);
      const state = searchParams.get("state");
      if (state !== null) back.searchParams.set("state", state);
      res.writeHead(302, { Location: back.href }).end();
    } else if (pathname === "/token") {
      exchange(req).then(tell, () => {
        tell(undefined);
      });
    } else tell(undefined);
  });
  issuer = `http://127.0.0.1:${await listen(server)}`;
  return { issuer, clientId, clientSecret, close: () => server.close() };
}

async function textOf(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of req) text += String(part);
  return text;
}
