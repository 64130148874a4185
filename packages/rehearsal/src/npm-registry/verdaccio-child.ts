import type { AddressInfo } from 'node:net';
import { runServer } from 'verdaccio';

// Started by startVerdaccio with the configuration as its only argument; says on which port it listens and runs until it is ended.
const server = await runServer(JSON.parse(process.argv[2] ?? '{}'));
server.listen(0, '127.0.0.1', () => {
	const { port } = server.address() as AddressInfo;
	process.stdout.write(`${JSON.stringify({ port })}\n`);
});
