// Reads the name of a file out of a Content-Disposition, in the form of RFC 5987.

/**
 * The name that `filename*` gives; null when there is none that can be read.
 * @param {string} disposition
 * @returns {string | null}
 */
export function fileName(disposition) {
  const [, encoded] = /filename\*=UTF-8''([^;]+)/i.exec(disposition) ?? [];
  try {
    return encoded ? decodeURIComponent(encoded) : null;
  } catch {
    return null;
  }
}
