// Does what a second factor must confirm: at once, or once a passkey has signed what the service asks for.

import { Problem } from "../service/problem.js";
import { NoPasskey, signWithPasskey } from "../state/authenticator.js";

/**
 * The answer to a call, which is made again with what a passkey signed where one is asked for.
 * @template T
 * @param {(passkey: object | null) => Promise<T>} call
 * @returns {Promise<T>}
 */
export async function confirmed(call) {
  try {
    return await call(null);
  } catch (problem) {
    if (!(problem instanceof Problem && problem.passkey)) throw problem;
    return call(await orProblem(signWithPasskey(problem.passkey.options)));
  }
}

/**
 * What a browser answers for a passkey; where it gives none, that is a Problem as the service's are.
 * @template T
 * @param {Promise<T>} asked
 */
export function orProblem(asked) {
  return asked.catch((error) => {
    throw error instanceof NoPasskey ? new Problem(0, { code: error.code }) : error;
  });
}
