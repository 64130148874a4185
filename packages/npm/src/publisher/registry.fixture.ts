import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashBytes, toGzip, toTarBytes } from '@slipway/archive';
import {
	type Artifact,
	type ChangeContext,
	type Context,
	MEDIA_TYPES,
	type Publisher,
	type Subject,
} from '@slipway/core';
import { type NpmFront, startNpmFront, startVerdaccio } from '@slipway/rehearsal/npm-registry';
import { COMPILE_CACHE } from '@slipway/testing';
import { toNpmCredentials } from '../config/credentials.ts';
import { toFileStem } from '../package-name.ts';
import { readPackage, toNpmPurl } from '../read-package.ts';
import { toPublishDocument } from '../registry/publish-document.ts';
import { type NpmPublisherOptions, npmPublisher } from './npm-publisher.ts';

type PackageJson = { readonly name: string; readonly version: string; readonly [field: string]: unknown };

/** A real Verdaccio behind npm-front, and everything a test needs to publish to it. */
export interface TestRegistry {
	readonly front: NpmFront;
	readonly token: string;
	readonly folder: string;
	readonly context: Context & { readonly warnings: readonly string[] };
	/** Packs a tiny package in memory; `content` makes its bytes differ. */
	pack(packageJson: PackageJson, content?: string): Artifact;
	read(artifact: Artifact): Promise<Uint8Array>;
	/** Publishes as somebody else would, past the front and its log. */
	publish(artifact: Artifact, tag?: string): Promise<void>;
	publisher(options?: Partial<NpmPublisherOptions>): Publisher;
	/** Mutating requests about one package that the front got. */
	mutations(name: string): number;
	/** The dist-tags as any reader sees them. */
	tags(name: string): Promise<Readonly<Record<string, string>>>;
	deprecated(name: string, version: string): Promise<string | undefined>;
	stop(): Promise<void>;
}

const toTestContext = (tempDir: string): TestRegistry['context'] => {
	const warnings: string[] = [];
	return {
		log: { debug: () => {}, info: () => {}, warning: (message) => void warnings.push(message) },
		clock: {
			now: Date.now,
			sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }),
		},
		tempDir,
		signal: new AbortController().signal,
		warnings,
	};
};

const toTarball = (packageJson: PackageJson, content: string): Uint8Array => {
	const files = { 'package.json': JSON.stringify(packageJson), 'index.js': content };
	const entries = Object.entries(files).map(([path, text]) => ({
		type: 'file' as const,
		name: `package/${path}`,
		mode: 0o644,
		content: Buffer.from(text),
	}));
	return toGzip(toTarBytes(entries, { mtime: 0, owner: '' }));
};

const put = async (url: string, token: string, value: unknown): Promise<void> => {
	const reply = await fetch(url, {
		method: 'PUT',
		headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
		body: JSON.stringify(value),
	});
	if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
};

const startTestRegistry = async (): Promise<TestRegistry> => {
	const folder = mkdtempSync(join(tmpdir(), 'npm-registry-'));
	const verdaccio = await startVerdaccio(
		{ folder: join(folder, 'verdaccio'), neverProxy: [] },
		COMPILE_CACHE,
	);
	const front = await startNpmFront({ upstream: verdaccio });
	const { token } = verdaccio;
	const store = new Map<string, Uint8Array>();
	const read = async (artifact: Artifact): Promise<Uint8Array> => {
		const bytes = store.get(artifact.path);
		if (!bytes) throw new Error(`no bytes of ${artifact.path}`);
		return bytes;
	};
	const readJson = async <Value>(path: string): Promise<Value> => {
		const reply = await fetch(`${front.origin}${path}`, { headers: { accept: 'application/json' } });
		return (await reply.json()) as Value;
	};
	const authorization = `Bearer ${token}`;
	return {
		front,
		token,
		folder,
		context: toTestContext(folder),
		pack: (packageJson, content = '1') => {
			const { name, version } = packageJson;
			const bytes = toTarball(packageJson, content);
			const file = `${toFileStem(name)}-${version}.tgz`;
			const hashed = hashBytes(bytes);
			const path = `artifacts/${hashed.digest.sha256}/${file}`;
			store.set(path, bytes);
			return { name: file, path, mediaType: MEDIA_TYPES.npm, ...hashed, purl: toNpmPurl(name, version) };
		},
		read,
		publish: async (artifact, tag = 'latest') => {
			const bytes = await read(artifact);
			const facts = await readPackage(bytes, artifact.name);
			const document = toPublishDocument({
				facts,
				bytes,
				tag,
				access: 'public',
				registry: `${verdaccio.origin}/`,
			});
			await put(`${verdaccio.origin}/${encodeURIComponent(facts.packageJson.name)}`, token, document);
		},
		publisher: (options = {}) =>
			npmPublisher({
				id: 'npm',
				target: { mode: 'auto', access: 'public' },
				registry: front.origin,
				credentials: toNpmCredentials({ registry: front.origin, authorization }),
				readArtifact: read,
				...options,
			}),
		mutations: (name) =>
			front.log.filter(({ mutates, target }) => mutates && decodeURIComponent(target).includes(name)).length,
		tags: (name) => readJson(`/-/package/${encodeURIComponent(name)}/dist-tags`),
		deprecated: async (name, version) => {
			type Packument = { readonly versions: Readonly<Record<string, { readonly deprecated?: string }>> };
			return (await readJson<Packument>(`/${encodeURIComponent(name)}`)).versions[version]?.deprecated;
		},
		stop: async () => {
			await front.stop();
			await verdaccio.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
};

/** The subjects that preflight plans; findings that are errors fail the test. */
export const planRelease = async (
	registry: TestRegistry,
	publisher: Publisher,
	artifacts: readonly Artifact[],
	line?: string,
): Promise<readonly Subject[]> => {
	const { findings, subjects } = await publisher.preflight(
		{ operation: 'release', artifacts, line },
		registry.context,
	);
	const errors = findings.filter(({ severity }) => severity === 'error');
	if (errors.length > 0) throw new Error(JSON.stringify(errors));
	return subjects.map(({ subject }) => subject);
};

export const toChange = ({ context }: TestRegistry): ChangeContext => ({ context, guard: async () => {} });

/**
 * One registry for all tests of a file, started before the first one and handed to `take`; whatever a test made it do is
 * undone after each.
 */
export const withTestRegistry = (take: (registry: TestRegistry) => void): void => {
	let registry: TestRegistry | undefined;
	beforeAll(async () => {
		registry = await startTestRegistry();
		take(registry);
	});
	afterEach(() => {
		const control = registry?.front.control;
		control?.clearFaults();
		control?.scanFor(0);
		control?.demandOtp(false);
		control?.limitExchangedTokens(Number.POSITIVE_INFINITY);
		control?.treatProvenance('keep');
	});
	afterAll(() => registry?.stop());
};
