import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { SignatureErrorCode, component, createSignature, isSignatureError, verifySignature } from "http-message-sig";
import { parseItem } from "structured-headers";
import { drive } from "./driver.mjs";

const algorithm = "hmac-sha256";
const mac = (secret, data) => createHmac("sha256", secret).update(data).digest();

// A response has a status, and the request that it answers.
function descriptor({ method, url, status, fields, request }) {
  const occurrences = fields.map(([name, value]) => ({ name, value }));
  return status === undefined
    ? { kind: "request", method, targetUri: url, fields: occurrences }
    : { kind: "response", status, fields: occurrences, request: descriptor(request) };
}

// A component with parameters comes in quotes, as it stands in Signature-Input.
function parsed(identifier) {
  if (!identifier.startsWith("\"")) return component(identifier);
  const [name, parameters] = parseItem(identifier);
  return component(name, Object.fromEntries(parameters));
}

drive({
  async sign(message, covered, { key, secret }) {
    const { signature, signatureInput } = await createSignature(descriptor(message), {
      components: covered.map(parsed),
      parameters: { created: Math.floor(Date.now() / 1000), nonce: randomUUID(), keyid: key, alg: algorithm },
      signer: { algorithm, sign: (data) => mac(secret, data) },
    });
    return [["Signature-Input", signatureInput], ["Signature", signature]];
  },
  async verify(message, required, { key, secret }) {
    const verifier = {
      algorithm,
      verify: (data, signature) => signature.length === 32 && timingSafeEqual(mac(secret, data), signature),
    };
    try {
      await verifySignature(descriptor(message), {
        policy: { algorithms: [algorithm], requiredComponents: required, requiredParameters: ["created", "keyid"], maxAge: 300, clockSkew: 5 },
        resolveVerifier({ parameters }) {
          if (parameters.keyid !== key) throw new Error(`there is no key ${parameters.keyid}`);
          return verifier;
        },
      });
      return true;
    } catch (error) {
      if (isSignatureError(error) && error.code === SignatureErrorCode.VerificationFailed) return false;
      throw error;
    }
  },
});
