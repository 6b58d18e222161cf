// Asks the browser for a passkey: to make one, or to sign with one. Knows no service, and keeps nothing.

/** Why there is no answer. `code` names it among the refusals. */
export class NoPasskey extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** @type {Record<string, string>} by the name of the browser's error */
const CODES = { InvalidStateError: "passkey_known", SecurityError: "passkey_elsewhere" };

/** @type {(options: any) => Promise<object>} a new passkey, as the service takes it. Throws NoPasskey */
export const makePasskey = (options) =>
  answered(() => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }));

/** @type {(options: any) => Promise<object>} what a passkey signed, as the service takes it. Throws NoPasskey */
export const signWithPasskey = (options) =>
  answered(() => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }));

/** @param {() => Promise<Credential | null>} asking */
async function answered(asking) {
  if (!("PublicKeyCredential" in globalThis && "parseRequestOptionsFromJSON" in PublicKeyCredential)) throw new NoPasskey("passkey_unsupported");
  try {
    const credential = await asking();
    if (credential instanceof PublicKeyCredential) return credential.toJSON();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new NoPasskey(CODES[error.name] ?? "passkey_closed");
  }
  throw new NoPasskey("passkey_closed");
}
