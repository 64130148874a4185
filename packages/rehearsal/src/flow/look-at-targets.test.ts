import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_MEDIA_TYPE, type Manifest, MEDIA_TYPES } from '@slipway/core';
import { Config } from '@slipway/core/config';
import * as v from 'valibot';
import type { Look } from '../consumer/look.ts';
import type { Project } from '../project/read-project.ts';
import type { Services } from '../services/start-services.ts';
import { areVerified, type Draft, type Moment, toDraft, toTargets } from './draft.ts';
import { lookAtTargets, verifyLooks } from './look-at-targets.ts';
import { toSeeded } from './seeded.ts';
import { toWantedTargets } from './wanted-targets.ts';

const OLD = 'a'.repeat(64);
const NEW = 'b'.repeat(64);

const toManifest = (version: string, sha256: string, kind: 'npm' | 'deb'): Manifest => ({
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'box',
	version,
	source: { repo: null, commit: null, ref: null },
	artifacts: [
		{
			name: 'box',
			path: 'artifacts/box',
			mediaType: MEDIA_TYPES[kind],
			size: 1,
			digest: { sha256, sha512: sha256.repeat(2) },
			purl: kind === 'npm' ? `pkg:npm/box@${version}` : `pkg:deb/box@${version}-1?arch=all`,
		},
	],
});

const toProject = (target: object): Project => ({
	folder: '.',
	name: 'box',
	version: '2.0.0',
	config: v.parse(Config, { targets: { it: target } }),
	npmPackages: [],
	needsModules: false,
});
const NPM = toProject({ type: 'npm' });
const PREVIOUS = { version: '1.0.0', origin: 'built', published: [], built: [] } as const;

const openDraft = (project = NPM, kind: 'npm' | 'deb' = 'npm', version = '2.0.0'): Draft => {
	const draft = toDraft(project);
	draft.targets = toWantedTargets(project, toManifest(version, NEW, kind));
	const manifest = toManifest('1.0.0', OLD, kind);
	draft.seeded = toSeeded(project, draft.targets, { previous: PREVIOUS, manifest });
	return draft;
};
const toLook = (version: string | null, sha256: string | null): Look => ({
	version,
	sha256,
	size: 1,
	client: 'npm 11',
});
const see = (draft: Draft, looks: Partial<Record<Moment, Look>>): void => {
	for (const target of draft.targets) draft.looks.set(target, looks);
};

test.each<[string, Look, boolean]>([
	['the seeded version', toLook('1.0.0', OLD), true],
	['nothing', toLook(null, null), false],
	['another version', toLook('0.9.0', OLD), false],
	['other bytes', toLook('1.0.0', NEW), false],
])('before the release and after the rollback, %s is seen', (_name, seen, good) => {
	const draft = openDraft();
	const ours = toLook('2.0.0', NEW);
	see(draft, { before: seen, release: ours, rollback: seen, restore: ours });
	const failed = expect.objectContaining({ code: 'REHEARSAL_CONSUMER_FAILED' });
	for (const moment of ['before', 'rollback'] as const) {
		if (good) expect(() => verifyLooks(draft, moment)).not.toThrow();
		else expect(() => verifyLooks(draft, moment)).toThrow(failed);
	}
	expect(areVerified([draft])).toBe(good);
	expect(toTargets(draft)[0]?.consumerVerified).toBe(good);
});

test('a tag for pre-releases begins with nothing, latest with the seeded version', () => {
	const draft = openDraft(NPM, 'npm', '2.0.0-beta.1');
	expect([...draft.seeded.values()]).toEqual([{ version: null, sha256: null }]);
	expect([...openDraft().seeded.values()]).toEqual([{ version: '1.0.0', sha256: OLD }]);
});

test('a target without a previous version is an error', () => {
	const targets = toWantedTargets(NPM, toManifest('2.0.0', NEW, 'npm'));
	expect(() => toSeeded(NPM, targets, { previous: PREVIOUS, manifest: undefined })).toThrow(
		expect.objectContaining({ code: 'REHEARSAL_STATE_UNEXPECTED' }),
	);
});

test('without apt-get nobody looks at an apt target, and nothing is claimed of it', async () => {
	const apt = {
		type: 'apt',
		url: 'https://apt.example.org',
		store: { directory: 'store' },
		suite: 'stable',
		origin: 'Box',
		label: 'Box',
		architectures: ['amd64'],
		'signing-key': { file: 'key.asc' },
	};
	const draft = openDraft(toProject(apt), 'deb');
	expect(draft.targets).toHaveLength(1);
	const folder = mkdtempSync(join(tmpdir(), 'slipway-look-'));
	const { signal } = new AbortController();
	const services = { publicKey: '', apt: { origin: '' } } as Services;
	const place = { folder, environment: { PATH: folder }, signal };
	for (const moment of ['before', 'release', 'rollback', 'restore'] as const) {
		await lookAtTargets(draft, moment, { services, key: '1-box', place });
		expect(() => verifyLooks(draft, moment)).not.toThrow();
	}
	rmSync(folder, { recursive: true });
	expect(toTargets(draft)).toMatchObject([{ consumerVerified: false, verifiedBy: [] }]);
	expect(areVerified([draft])).toBe(false);
	expect(draft.notes).toEqual([expect.stringContaining('apt-get is not on this machine')]);
});
