import { hashBytes } from '@slipway/archive';
import { type Artifact, MEDIA_TYPES } from '@slipway/core';
import { type Handler, type LoopbackServer, serveLoopback } from '@slipway/http';
import type { NpmCredentials } from '../config/credentials.ts';
import { createRegistry } from '../registry/registry.ts';
import type { Target } from './target.ts';

/** Replies by path (after the registry's folder), as status and body; what is not named is 404. */
export type Replies = Readonly<Record<string, readonly [status: number, body: unknown]>>;

/** A registry that says what a test tells it to. */
export interface SmallRegistry {
	/** With a final slash. */
	readonly url: string;
	replies: Replies;
	/** Headers of each reply. */
	headers: Readonly<Record<string, string>>;
	/** What was asked, with its authorization. */
	readonly asked: string[];
	target(options?: Partial<Target>): Target;
}

export const toCredentials = (kind: NpmCredentials['kind'] = 'token'): NpmCredentials => ({
	kind,
	authorize: async (name, purpose) => `Bearer ${name}:${purpose}`,
});

const toTarget = (url: string, options: Partial<Target>): Target => ({
	id: 'npm',
	registry: createRegistry(url, 5000),
	credentials: toCredentials(),
	mode: 'auto',
	access: 'public',
	readArtifact: async () => new Uint8Array(),
	provenanceMode: 'none',
	provenance: async () => undefined,
	isEarlierProvenance: async () => false,
	needsCredentials: true,
	packages: [],
	environment: {},
	acknowledged: new Map(),
	...options,
});

/** One server for all tests of a file; each test begins with no replies. */
export const withSmallRegistry = (): (() => SmallRegistry) => {
	let server: LoopbackServer;
	let registry: SmallRegistry;
	const handler: Handler = ({ url = '', headers }, response) => {
		const path = url.replace('/npm/', '');
		registry.asked.push(`${headers.authorization ?? 'nobody'} ${path}`);
		const [status, body] = registry.replies[path] ?? [404, { error: 'Not found' }];
		const isRaw = typeof body === 'string' || body instanceof Uint8Array;
		response.writeHead(status, registry.headers).end(isRaw ? body : JSON.stringify(body));
	};
	beforeAll(async () => {
		server = await serveLoopback(handler);
	});
	beforeEach(() => {
		const url = `${server.origin}/npm/`;
		registry = {
			url,
			replies: {},
			headers: {},
			asked: [],
			target: (options = {}) => toTarget(url, options),
		};
	});
	afterAll(() => server.close());
	return () => registry;
};

export const BYTES = Buffer.from('the tarball');
export const OTHER_BYTES = Buffer.from('another tarball');

export const toIntegrityOf = (bytes: Uint8Array): string =>
	`sha512-${Buffer.from(hashBytes(bytes).digest.sha512 ?? '', 'hex').toString('base64')}`;

/** The artifact `@acme/greet@1.1.0`. */
export const ARTIFACT: Artifact = {
	name: 'acme-greet-1.1.0.tgz',
	path: 'artifacts/acme-greet-1.1.0.tgz',
	mediaType: MEDIA_TYPES.npm,
	purl: 'pkg:npm/%40acme/greet@1.1.0',
	...hashBytes(BYTES),
};
