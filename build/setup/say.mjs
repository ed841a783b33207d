/** One line for the person at the terminal. Standard output belongs to the program that is started. @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}
