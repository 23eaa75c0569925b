// A certified OpenID Provider on loopback, with the few things that it leaves to whoever runs it: people, a page to
// sign in on, a page to sign out on. Usage: node provider.mjs <port> <address of the portal>
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import Provider, { interactionPolicy } from "oidc-provider";

const [port, portal] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const claim = "https://id.oidc.se/claim";
const scope = "https://id.oidc.se/scope";
const level = "http://id.elegnamnden.se/loa/1.0";
const message = "https://id.oidc.se/param/userMessage";
const numbers = ["personalIdentityNumber", "coordinationNumber"].map((name) => `${claim}/${name}`);
// What no scope gives: it is asked for by name.
const wishes = ["coordinationNumberLevel", "previousCoordinationNumber"].map((name) => `${claim}/${name}`);

// Official test numbers of Skatteverket: they belong to nobody.
const people = {
  maria: { name: "Maria Ekdahl", [numbers[0]]: "198406092380" },
  yusuf: { name: "Yusuf Demir", [numbers[0]]: "199101252386" },
  anna: { name: "Anna Lindqvist", [numbers[0]]: "198704202392" },
  samir: { name: "Samir Aziz", [numbers[0]]: "197907262385" },
  sam: { name: "Sam Ordning", [numbers[1]]: "191401682396", [wishes[0]]: "probable" },
};

const door = (name, more) => ({
  client_id: name,
  redirect_uris: [`${portal}/logga-in/${name}/aterkomst`],
  post_logout_redirect_uris: [`${portal}/`],
  backchannel_logout_uri: `${portal}/logga-in/${name}/utloggning`,
  ...more,
});
const clients = [
  // Signs that mean something in a header, in a form or in an address.
  door("certifierad", { client_secret: "hemlig:het &+%=", backchannel_logout_session_required: true }),
  door("certifierad-personal", {
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "ES256",
    jwks_uri: `${portal}/.well-known/jwks.json`,
    id_token_signed_response_alg: "PS256",
    userinfo_signed_response_alg: "ES256",
  }),
];

// A provider that heeds an essential acr never answers with another. "regardless" makes it one that does.
const policy = interactionPolicy.base();
const heeded = policy.get("login").checks.get("essential_acrs");
const heeds = heeded.check;
heeded.check = (ctx) => (ctx.oidc.result?.login?.regardless ? interactionPolicy.Check.NO_NEED_TO_PROMPT : heeds(ctx));

const key = (kind, options) => generateKeyPairSync(kind, options).privateKey.export({ format: "jwk" });
const provider = new Provider(issuer, {
  clients,
  jwks: { keys: [key("rsa", { modulusLength: 2048 }), key("ec", { namedCurve: "P-256" })] },
  cookies: { keys: ["loopback"] },
  acrValues: [`${level}/loa2`, `${level}/loa3`],
  claims: {
    openid: ["sub"],
    [`${scope}/naturalPersonInfo`]: ["name"],
    [`${scope}/naturalPersonNumber`]: numbers,
    [`${scope}/naturalPersonOrgId`]: [],
    ...Object.fromEntries([...wishes, "https://id.swedenconnect.se/claim/prid"].map((name) => [name, null])),
  },
  // The profile wants the number in the ID Token too, the name in the user information alone.
  conformIdTokenClaims: false,
  extraParams: [message],
  discovery: { "https://id.oidc.se/disco/userMessageSupported": true },
  features: {
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource },
  },
  interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: (use) => ({ sub, ...people[sub], ...(use === "id_token" && { name: undefined }) }),
  }),
  loadExistingGrant,
});

/** Nobody is asked what may be told: whoever signs in has agreed. */
async function loadExistingGrant({ oidc }) {
  const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope(oidc.params.scope);
  grant.addOIDCClaims([...oidc.requestParamClaims]);
  await grant.save();
  return grant;
}

function logoutSource(ctx, form) {
  ctx.body = page("Logga ut?", form.replace("</form>", '<button name="logout" value="yes">Logga ut</button></form>'));
}

const page = (heading, content) => `<!doctype html><title>${heading}</title><h1>${heading}</h1>${content}`;
const safe = (given) => given.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt()};`);

function signInPage(asked) {
  const told = asked[message] ? Buffer.from(JSON.parse(asked[message]).message, "base64").toString() : "";
  const button = ([sub, { name }]) => `<button name="person" value="${sub}">${name}</button>`;
  const buttons = Object.entries(people).map(button).join("");
  const cancel = '<button name="cancel" value="1">Avbryt</button>';
  const acr = `<input name="acr" value="${level}/loa3">`;
  return page("Logga in", `<p>${safe(told)}</p><form method="post">${acr}${buttons}${cancel}</form>`);
}

function answer(form) {
  if (form.has("cancel")) return { error: "access_denied", error_description: "the person cancelled" };
  const acr = form.get("acr") === "missing" ? undefined : form.get("acr");
  return { login: { accountId: form.get("person"), acr, regardless: form.has("regardless") } };
}

/** The page to sign in on. Whoever comes again because the level was too low cannot do better. */
async function interact(request, response) {
  const { params, lastSubmission } = await provider.interactionDetails(request, response);
  const whole = { mergeWithLastSubmission: false };
  const finish = (result) => provider.interactionFinished(request, response, result, whole);
  if (request.method === "POST") return finish(answer(new URLSearchParams(await text(request))));
  if (lastSubmission?.login) return finish({ error: "unmet_authentication_requirements" });
  return response.setHeader("Content-Type", "text/html; charset=utf-8").end(signInPage(params));
}

const rest = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith("/interaction/")) return rest(request, response);
  return interact(request, response).catch((error) => response.writeHead(500).end(String(error)));
}).listen(Number(port), "127.0.0.1");
