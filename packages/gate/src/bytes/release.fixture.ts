import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashBytes, type TarEntry, toAr, toGzip, toTarBytes, writeRelease } from '@slipway/archive';
import { type Artifact, type Context, MANIFEST_MEDIA_TYPE, MEDIA_TYPES, toPurl } from '@slipway/core';
import { parsePolicy } from '@slipway/core/policy';
import type { Gate, GateFinding, GateFindings, GateRequest, PreviousVersion } from '../gate.ts';

/** Text, or what else an entry of an archive can be. */
export type Content =
	| string
	| Uint8Array
	| { readonly mode: number; readonly content: string | Uint8Array }
	| { readonly link: string; readonly hard?: boolean };
export type Files = Readonly<Record<string, Content>>;

/** An artifact with its bytes, not in a Release yet. */
export interface Made {
	readonly artifact: Artifact;
	readonly bytes: Uint8Array;
}

const toTarEntry = (name: string, content: Content): TarEntry => {
	if (typeof content === 'string' || content instanceof Uint8Array)
		return { type: 'file', name, mode: 0o644, content: Buffer.from(content) };
	if ('link' in content) return { type: content.hard ? 'hardlink' : 'symlink', name, target: content.link };
	return { type: 'file', name, mode: content.mode, content: Buffer.from(content.content) };
};

const toTgz = (files: Files, prefix: string): Buffer =>
	toGzip(
		toTarBytes(
			Object.entries(files).map(([path, content]) => toTarEntry(prefix + path, content)),
			{ mtime: 0 },
		),
	);

const toMade = (bytes: Uint8Array, name: string, rest: Pick<Artifact, 'mediaType' | 'purl'>): Made => ({
	bytes,
	artifact: { name, path: `artifacts/${name}`, ...rest, ...hashBytes(bytes) },
});

const PACKAGE = {
	name: 'greet',
	version: '1.1.0',
	license: 'MIT',
	repository: 'https://git.example/acme/greet',
};

/** A tarball of greet; fields of package.json that are undefined are left out. */
export const makeNpm = (files: Files = {}, fields: object = {}): Made => {
	const packageJson = { ...PACKAGE, ...fields };
	const { name, version } = packageJson;
	const bytes = toTgz({ 'package.json': JSON.stringify(packageJson), ...files }, 'package/');
	const [scope, base] = name.startsWith('@') ? name.split('/') : [undefined, name];
	const purl = toPurl({ type: 'npm', namespace: scope, name: base ?? name, version });
	const stem = name.replace(/[^A-Za-z0-9.-]/g, '');
	return toMade(bytes, `${stem || 'package'}-${version.replace(/[^A-Za-z0-9.-]/g, '')}.tgz`, {
		mediaType: MEDIA_TYPES.npm,
		purl,
	});
};

const CONTROL = {
	Package: 'greet',
	Version: '1.1.0-1',
	Architecture: 'all',
	Maintainer: 'Ada Lovelace <ada@example.org>',
	Description: 'says hello',
};

interface DebParts {
	/** Fields that are undefined are left out. */
	readonly control?: Readonly<Record<string, string | undefined>>;
	/** Beside the control file. */
	readonly scripts?: Files;
	readonly files?: Files;
}

/** A .deb of greet, compressed with gzip. */
export const makeDeb = ({ control = {}, scripts = {}, files = {} }: DebParts = {}): Made => {
	const fields = Object.entries({ ...CONTROL, ...control }).filter(([, value]) => value !== undefined);
	const text = fields.map(([name, value]) => `${name}: ${value}\n`).join('');
	const copyright = { 'usr/share/doc/greet/copyright': 'MIT' };
	const members = [
		{ name: 'debian-binary', content: [Buffer.from('2.0\n')] },
		{ name: 'control.tar.gz', content: [toTgz({ control: text, ...scripts }, './')] },
		{ name: 'data.tar.gz', content: [toTgz({ ...copyright, ...files }, './')] },
	];
	const bytes = Buffer.concat([...toAr(members, { mtime: 0 })]);
	const { Package: name = 'greet', Version: version = '1' } = { ...CONTROL, ...control };
	const purl = toPurl({ type: 'deb', name, version, qualifiers: { arch: 'all' } });
	return toMade(bytes, 'greet_1.1.0-1_all.deb', { mediaType: MEDIA_TYPES.deb, purl });
};

/** The same bytes under the name and purl of another package. */
export const pretend = ({ bytes }: Made, { artifact }: Made): Made => ({
	bytes,
	artifact: { ...artifact, ...hashBytes(bytes) },
});

export const toPrevious = ({ bytes }: Made, fields: Partial<PreviousVersion> = {}): PreviousVersion => ({
	version: '1.0.0',
	bytes,
	provenance: { attested: false },
	from: 'registry.example',
	...fields,
});

export interface World {
	readonly context: Context;
	/** A Release of these artifacts on the disk, and a request about it. */
	toRequest(made: readonly Made[], fields?: Partial<GateRequest>): Promise<GateRequest>;
	run(gate: Gate, made: readonly Made[], fields?: Partial<GateRequest>): Promise<GateFindings>;
	remove(): void;
}

export const makeWorld = (): World => {
	const folder = mkdtempSync(join(tmpdir(), 'gate-bytes-'));
	const context: Context = {
		log: { debug: () => {}, info: () => {}, warning: () => {} },
		clock: { now: Date.now, sleep: (ms) => sleep(ms) },
		tempDir: folder,
		signal: new AbortController().signal,
	};
	const toRequest: World['toRequest'] = async (made, fields = {}) => {
		const root = mkdtempSync(join(folder, 'release-'));
		const files: Record<string, string> = {};
		for (const { artifact, bytes } of made) {
			files[artifact.name] = join(root, artifact.name);
			writeFileSync(join(root, artifact.name), bytes);
		}
		const release = await writeRelease(join(root, 'release'), {
			manifest: {
				mediaType: MANIFEST_MEDIA_TYPE,
				project: 'greet',
				version: '1.1.0',
				source: { repo: 'https://git.example/acme/greet', commit: null, ref: null },
				artifacts: made.map(({ artifact }) => artifact),
			},
			files,
			records: [],
			epoch: 0,
		});
		return {
			release,
			policy: parsePolicy(Buffer.from('policy: 1\n')).policy,
			documents: new Map(),
			sboms: [],
			previous: async () => undefined,
			packageFolders: new Map(),
			...fields,
		} as GateRequest;
	};
	return {
		context,
		toRequest,
		run: async (gate, made, fields) => gate.check(await toRequest(made, fields), context),
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
};

/** `severity id` of each finding, for tables. */
export const toShort = ({ findings }: Pick<GateFindings, 'findings'>): readonly string[] =>
	findings.map(({ severity, id }: GateFinding) => `${severity} ${id}`);
