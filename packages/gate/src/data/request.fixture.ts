import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashBytes, type Release, writeRelease } from '@slipway/archive';
import { MANIFEST_MEDIA_TYPE, MEDIA_TYPES } from '@slipway/core';
import { parsePolicy } from '@slipway/core/policy';
import { testContext, VirtualClock } from '@slipway/testing';
import type { GateRequest } from '../gate.ts';

/** Midday of the day on which everything here happens. */
export const NOW = Date.parse('2026-11-21T12:00:00Z');

export interface GateWorld {
	readonly folder: string;
	readonly release: Release;
	readonly context: ReturnType<typeof testContext>;
	/** A request about a Release of one npm package, under a policy with these lines (YAML). */
	toRequest(policy?: string, fields?: Partial<GateRequest>): GateRequest;
	remove(): void;
}

export const makeGateWorld = async (): Promise<GateWorld> => {
	const folder = mkdtempSync(join(tmpdir(), 'gate-'));
	const bytes = Buffer.from('a tarball');
	const file = join(folder, 'greet-1.1.0.tgz');
	writeFileSync(file, bytes);
	const release = await writeRelease(join(folder, 'release'), {
		manifest: {
			mediaType: MANIFEST_MEDIA_TYPE,
			project: 'greet',
			version: '1.1.0',
			source: { repo: null, commit: null, ref: null },
			artifacts: [
				{
					name: 'greet-1.1.0.tgz',
					path: 'artifacts/greet-1.1.0.tgz',
					mediaType: MEDIA_TYPES.npm,
					purl: 'pkg:npm/greet@1.1.0',
					...hashBytes(bytes),
				},
			],
		},
		files: { 'greet-1.1.0.tgz': file },
		records: [],
		epoch: 0,
	});
	return {
		folder,
		release,
		context: testContext(folder, new VirtualClock(NOW)),
		toRequest: (policy = '', fields = {}) => ({
			release,
			policy: parsePolicy(Buffer.from(`policy: 1\n${policy}`)).policy,
			documents: new Map(),
			sboms: [],
			previous: async () => undefined,
			packageFolders: new Map(),
			...fields,
		}),
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
};
