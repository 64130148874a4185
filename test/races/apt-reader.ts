import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findField, parseStanzas } from '@slipway/deb';
import { run } from '@slipway/process';
import type { Look, Reader } from './readers.ts';

const FOLDERS = [
	'etc/apt/sources.list.d',
	'etc/apt/preferences.d',
	'etc/apt/trusted.gpg.d',
	'lists/partial',
	'cache/archives/partial',
];

/** Nothing of the system; both date checks on; every failed file is an error. */
const toConfiguration = (root: string): string => `Dir::Etc "${root}/etc/apt";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::State "${root}";
Dir::State::lists "${root}/lists";
Dir::State::status "${root}/status";
Dir::Cache "${root}/cache";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Check-Date "true";
Acquire::Check-Valid-Until "true";
Acquire::Languages "none";
Acquire::Retries "0";
Acquire::GzipIndexes "false";
Acquire::http::Proxy "DIRECT";
Debug::NoLocking "1";
`;

const MAX_BYTES = 64 * 1024 * 1024;

const toLook = (release: string, packages: Uint8Array): Look => ({
	date: Date.parse(/^Date: (.*)$/m.exec(release)?.[1] ?? ''),
	debs: parseStanzas(packages, 'Packages', { maxBytes: MAX_BYTES, maxStanzas: 100_000 }).map((stanza) => {
		const field = (name: string): string => findField(stanza, name) ?? '';
		return {
			name: field('Package'),
			version: field('Version'),
			architecture: field('Architecture'),
			sha256: field('SHA256'),
		};
	}),
});

/** What apt holds now: the lists of one update belong together. */
const readLists = async (folder: string): Promise<Look> => {
	const names = await readdir(folder);
	const read = async (end: string): Promise<Buffer> => {
		const name = names.find((each) => each.endsWith(end));
		return name === undefined ? Buffer.alloc(0) : readFile(join(folder, name));
	};
	const [release, packages] = await Promise.all([read('_InRelease'), read('_Packages')]);
	return toLook(release.toString('utf8'), packages);
};

/** A user's machine that runs the real `apt-get update`, and keeps its lists from one to the next. */
export const openAptReader = async (
	root: string,
	{ url, keyFile }: { readonly url: string; readonly keyFile: string },
): Promise<Reader> => {
	for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true });
	await writeFile(join(root, 'apt.conf'), toConfiguration(root));
	await writeFile(join(root, 'status'), '');
	const source = `Types: deb\nURIs: ${url}\nSuites: stable\nComponents: main\nSigned-By: ${keyFile}\n`;
	await writeFile(join(root, 'etc/apt/sources.list.d/races.sources'), source);
	const environment = {
		PATH: process.env.PATH,
		LC_ALL: 'C.UTF-8',
		TMPDIR: root,
		APT_CONFIG: join(root, 'apt.conf'),
	};
	return async () => {
		const { code, stdout, stderr } = await run(['apt-get', 'update'], {
			cwd: root,
			environment,
			timeoutMs: 60_000,
		});
		const said = `${stdout}\n${stderr}`.split('\n').filter((line) => /^(W|E|Err)[: ]/.test(line));
		if (code !== 0 || said.length > 0)
			throw new Error(`apt-get update ended with ${code}: ${said.join(' ')}`);
		return readLists(join(root, 'lists'));
	};
};
