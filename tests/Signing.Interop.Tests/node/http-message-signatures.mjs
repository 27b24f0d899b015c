import { randomUUID } from "node:crypto";
import { createSigner, createVerifier, httpbis } from "http-message-signatures";
import { drive } from "./driver.mjs";

// The library takes the lines of a field as one entry.
function headers(fields) {
  const entries = {};
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    entries[key] = key in entries ? [entries[key], value].flat() : value;
  }

  return entries;
}

drive({
  async sign({ method, url, fields }, covered, { key, secret }) {
    const signed = await httpbis.signMessage({
      key: createSigner(secret, "hmac-sha256", key),
      fields: covered,
      params: ["created", "nonce", "keyid", "alg"],
      paramValues: { nonce: randomUUID() },
    }, { method, url, headers: headers(fields) });
    return [["Signature-Input", signed.headers["Signature-Input"]], ["Signature", signed.headers.Signature]];
  },
  verify({ method, url, fields }, required, { key, secret }) {
    const verifier = { id: key, algs: ["hmac-sha256"], verify: createVerifier(secret, "hmac-sha256") };
    return httpbis.verifyMessage({
      keyLookup: async ({ keyid }) => (keyid === key ? verifier : null),
      requiredFields: required,
      requiredParams: ["created", "keyid"],
      maxAge: 300,
      all: true,
    }, { method, url, headers: headers(fields) });
  },
});
