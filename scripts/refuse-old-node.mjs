/** Says which Node is needed, in a sentence, where an older one would stop at a syntax it does not know. */
export function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Callboard needs Node 20.19 or newer; this is ${process.version}. Install a newer one: https://nodejs.org`,
  );
  process.exit(1);
}
