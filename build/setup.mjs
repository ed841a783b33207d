// `npm start` and `npm test` begin here: check Node, install what is missing, hand over to the pinned Node.
// An old Node must be able to parse this file and say that it is old, so everything newer is imported afterwards.
const major = Number(process.versions.node.split('.')[0]);

if (major < 20) {
  console.error(
    `Genkan needs Node 20 or newer to install itself, this is ${process.versions.node}: see https://nodejs.org`,
  );
  process.exit(1);
}

import('./setup/main.mjs')
  .then(({ main }) => main(process.argv[2], process.argv.slice(3)))
  .catch((error) => {
    console.error(`Genkan: the setup failed: ${error.message}`);
    process.exit(1);
  });
