import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { SignatureErrorCode, createSignature, isSignatureError, verifySignature } from "http-message-sig";
import { drive } from "./driver.mjs";

const algorithm = "hmac-sha256";
const mac = (secret, data) => createHmac("sha256", secret).update(data).digest();
const descriptor = ({ method, url, fields }) =>
  ({ kind: "request", method, targetUri: url, fields: fields.map(([name, value]) => ({ name, value })) });

drive({
  async sign(message, covered, { key, secret }) {
    const { signature, signatureInput } = await createSignature(descriptor(message), {
      components: covered,
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
