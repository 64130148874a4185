import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Context, trimEndOf } from '@slipway/core';
import type { AptTarget } from '@slipway/core/config';
import type { KeySigner, Policy } from '@slipway/core/policy';
import type { KeyLife, LifeFinding, ListedKey } from '@slipway/verify';
import { openAptParts } from './apt-parts.ts';
import { openPolicy } from './policy.ts';
import type { OpenProject } from './project.ts';

const toAptTargets = ({ config }: OpenProject): [string, AptTarget][] =>
	Object.entries(config.targets).flatMap(([id, target]) =>
		target.type === 'apt' ? [[id, target] as [string, AptTarget]] : [],
	);

/** The public keys of an apt target: the one that signs, where this machine has it, then those of rotation. */
const readAptKeys = async (project: OpenProject, target: AptTarget): Promise<string[]> => {
	const { signingKey, trustedKeys } = await openAptParts(project, target);
	return signingKey ? [signingKey.publicKey, ...trustedKeys] : trustedKeys;
};

const readAptLives = async (project: OpenProject): Promise<KeyLife[]> => {
	const targets = toAptTargets(project);
	if (targets.length === 0) return [];
	const { readKeyLives } = await import('@slipway/deb');
	const lives = targets.map(async ([id, target]) =>
		(await readKeyLives(await readAptKeys(project, target))).map((life) => ({
			name: life.name,
			role: `signing key of the apt target ${id}`,
			id: life.fingerprint,
			validFrom: life.createdAt,
			validUntil: life.expiresAt,
		})),
	);
	return (await Promise.all(lives)).flat();
};

const readTrustLives = async (project: OpenProject, file: string | undefined, { clock }: Context) => {
	const path = file ?? project.config.sign?.['trusted-root'];
	if (path === undefined) return [];
	const { openTrust, toTrustLives } = await import('@slipway/verify');
	const trustedRoot = await readFile(resolve(project.configFolder, path));
	return toTrustLives(await openTrust({ trustedRoot, from: path, clock }));
};

export interface KeyCheck {
	readonly alarm: boolean;
	readonly days: number;
	readonly findings: readonly LifeFinding[];
}

interface CheckRequest {
	readonly days: number;
	readonly policy?: string | undefined;
	readonly trustedRoot?: string | undefined;
}

/**
 * How long everything lasts that a project's users verify by: keys of the policy, apt signing keys, the trusted root.
 * @throws SlipwayError POLICY_*, VERIFY_TRUST_INVALID, APT_KEY_*, PROJECT_UNREADABLE
 */
export const checkProjectKeys = async (
	project: OpenProject,
	{ days, policy: file, trustedRoot }: CheckRequest,
	context: Context,
): Promise<KeyCheck> => {
	const { checkLives, toPolicyLives } = await import('@slipway/verify');
	const opened = await openPolicy(project, { file });
	const lives = [
		...(opened ? toPolicyLives(opened.policy) : []),
		...(await readAptLives(project)),
		...(await readTrustLives(project, trustedRoot, context)),
	];
	return { days, ...checkLives(lives, { now: context.clock.now(), days }) };
};

interface KeyFile {
	readonly listed: ListedKey;
	readonly bytes: Uint8Array;
}

const toKeyFile = async (
	key: Omit<ListedKey, 'sha256' | 'file'> & { readonly ending: string },
	text: string,
): Promise<KeyFile> => {
	const { toKeyFileDigest } = await import('@slipway/verify');
	const { ending, ...rest } = key;
	const bytes = new TextEncoder().encode(`${text.trim()}\n`);
	const sha256 = toKeyFileDigest(bytes, key.name);
	return { listed: { ...rest, sha256, file: `${sha256.slice(0, 16)}.${ending}` }, bytes };
};

const toIso = (date: Date | null, name: 'validFrom' | 'validUntil') => date && { [name]: date.toISOString() };

const isKeySigner = (signer: Policy['signers'][number]): signer is KeySigner => 'key' in signer;

const toPolicyFiles = async (policy: Policy): Promise<KeyFile[]> => {
	const { toPolicyLives } = await import('@slipway/verify');
	const lives = toPolicyLives(policy);
	return Promise.all(
		policy.signers.filter(isKeySigner).map(({ name, key }, index) => {
			const { validFrom = null, validUntil = null } = lives[index] ?? {};
			const window = { ...toIso(validFrom, 'validFrom'), ...toIso(validUntil, 'validUntil') };
			return toKeyFile({ name, use: 'signature', ending: 'pem', ...window }, key);
		}),
	);
};

const toAptFiles = async (project: OpenProject): Promise<KeyFile[]> => {
	const files: KeyFile[] = [];
	for (const [, target] of toAptTargets(project)) {
		const { readKeyLives } = await import('@slipway/deb');
		for (const armored of await readAptKeys(project, target)) {
			const [life] = await readKeyLives([armored]);
			const window = {
				...toIso(life?.createdAt ?? null, 'validFrom'),
				...toIso(life?.expiresAt ?? null, 'validUntil'),
			};
			files.push(
				await toKeyFile({ name: life?.fingerprint ?? '', use: 'apt', ending: 'asc', ...window }, armored),
			);
		}
	}
	return files;
};

/** Two entries of the policy for one key are one file with the wider of both windows left out: the list says each. */
const toUnique = (files: readonly KeyFile[]): KeyFile[] => [
	...new Map(files.map((file) => [`${file.listed.sha256} ${file.listed.name}`, file])).values(),
];

export interface PublishedKeys {
	readonly project: string;
	readonly keys: readonly ListedKey[];
	/** Where they lie now. */
	readonly places: readonly string[];
}

/**
 * Publishes the public keys beside each apt repository (`keys/` of its store) and in a folder that goes to a second
 * place: each key as a file, and keys.json that lists them. The same keys give the same bytes.
 * @throws SlipwayError POLICY_*, APT_KEY_*, STORE_*, PROJECT_UNREADABLE
 */
export const publishKeys = async (
	project: OpenProject,
	{ out, policy: file }: { readonly out: string; readonly policy?: string | undefined },
): Promise<PublishedKeys> => {
	const { KEY_LIST_NAME, toKeyListText } = await import('@slipway/verify');
	const opened = await openPolicy(project, { file });
	const files = toUnique([
		...(opened ? await toPolicyFiles(opened.policy) : []),
		...(await toAptFiles(project)),
	]);
	const keys = files.map(({ listed }) => listed);
	const list = new TextEncoder().encode(toKeyListText(project.project, keys));
	const all = [
		...new Map(files.map(({ listed, bytes }) => [listed.file, bytes])),
		[KEY_LIST_NAME, list] as const,
	];
	await mkdir(out, { recursive: true });
	for (const [name, bytes] of all) await writeFile(join(out, name), bytes);
	const places = [out];
	for (const [, target] of toAptTargets(project)) {
		const { store } = await openAptParts(project, target);
		await store.write(all.map(([name, bytes]) => ({ kind: 'put', path: `keys/${name}`, bytes })));
		places.push(`${trimEndOf(target.url, '/')}/keys/`);
	}
	return { project: project.project, keys, places };
};
