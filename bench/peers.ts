import { join } from 'node:path';
import { findExecutable } from '@slipway/process';

/** Another program that does the same work, and how it is got where it is missing. */
export interface Peer {
	readonly name: string;
	readonly install: string;
	/** Arguments that make it say its version; absent: `--version`. */
	readonly version?: readonly string[];
}

export const PEERS: readonly Peer[] = [
	{ name: 'cosign', install: 'npm run judges (it installs cosign and syft among others, once)' },
	{ name: 'syft', install: 'npm run judges' },
	{ name: 'npm', install: 'it comes with Node' },
	{ name: 'dpkg-deb', install: 'apt-get install dpkg' },
	{ name: 'reprepro', install: 'apt-get install reprepro' },
	{ name: 'aptly', install: 'apt-get install aptly', version: ['version'] },
	{
		name: 'nfpm',
		install: 'GOBIN="$PWD/.cache/peers/bin" go install github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.0',
	},
	{ name: 'gpg', install: 'apt-get install gnupg' },
	{ name: 'sha256sum', install: 'apt-get install coreutils' },
	{
		name: 'cyclonedx-npm',
		install: 'npm install --no-save --prefix .cache/peers @cyclonedx/cyclonedx-npm@6.0.1',
	},
];

/** What the judges installed counts as installed, and so does what is there for benchmarks alone. */
const FOLDERS = ['.cache/judges/bin', '.cache/peers/bin', '.cache/peers/node_modules/.bin'];

/** Absolute path of a peer: of the version that this project asks for where that is installed, else the one on the PATH. */
export const findPeer = (name: string): string | undefined => {
	const root = join(import.meta.dirname, '..');
	return findExecutable(name, [...FOLDERS.map((folder) => join(root, folder)), process.env.PATH].join(':'));
};
