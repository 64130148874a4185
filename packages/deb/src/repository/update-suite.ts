import type { ChangeContext } from '@slipway/core';
import type { Change, WriteOutcome } from '@slipway/store';
import { verifySigningKey } from './check-key.ts';
import { editSuite, type PackageTarget, type SuiteEdit } from './edit-suite.ts';
import { toAptError } from './error.ts';
import { mendPlain } from './mend-plain.ts';
import { toNextRelease, verifyClock, waitForDate } from './next-release.ts';
import { toByHashPath, toSuitePath } from './paths.ts';
import { toPruning } from './prune.ts';
import { toArchivePath } from './read-suite.ts';
import { type Release, toRelease } from './release-file.ts';
import type { Repository } from './repository.ts';
import type { SigningKey } from './signing-key.ts';
import { openSuite, type SuiteView } from './suite-view.ts';

export interface SuiteUpdate {
	readonly suite: string;
	/**
	 * What the suite shall offer, given what it offers now; null: leave it. Asked again whenever another writer was
	 * first, so that his change is kept and judged anew.
	 */
	readonly decide: (view: SuiteView) => Promise<readonly PackageTarget[] | null>;
	/** See ReadOptions. */
	readonly acceptServed?: boolean;
	/** Write every index anew, in the form that Slipway serves, also where its content stays. */
	readonly rewrite?: boolean;
}

const MAX_ATTEMPTS = 100;
const BACK_OFF_MS = 50;

const missingKey = () =>
	toAptError(
		'APT_KEY_MISSING',
		'expected the signing key of the repository, got none',
		'Give this job the variable or file named under `signing-key` of the target.',
	);

const toIndexChanges = (suite: string, { indexes }: SuiteEdit): Change[] => {
	const files = indexes.flatMap(({ folder, files }) =>
		files.flatMap(({ name, sha256, bytes }) => (bytes ? [{ folder, name, sha256, bytes }] : [])),
	);
	return [
		...files.map(({ folder, sha256, bytes }): Change => {
			return { kind: 'create', path: toByHashPath(suite, folder, sha256), bytes };
		}),
		...files.map(({ folder, name, bytes }): Change => {
			return { kind: 'put', path: toSuitePath(suite, `${folder}/${name}`), bytes };
		}),
	];
};

interface Signed {
	readonly release: Release;
	readonly inRelease: Uint8Array;
	readonly changes: readonly Change[];
}

/**
 * InRelease, the switch, is last. Release follows its signature: where a first publish is cut off between them there
 * is no Release yet, and never one without a signature. Where there is no InRelease yet, Release decides who is first.
 */
const sign = async (
	key: SigningKey,
	{ suite }: SuiteView,
	{ release, at }: { readonly release: Release; readonly at: number },
): Promise<Signed> => {
	const text = toRelease(release);
	const [clear, detached] = await Promise.all([key.clearSign(text, at), key.detachSign(text, at)]);
	const encoder = new TextEncoder();
	const inRelease = encoder.encode(clear);
	const toPath = (file: string): string => toSuitePath(suite.name, file);
	return {
		release,
		inRelease,
		changes: [
			{ kind: 'put', path: toPath('Release.gpg'), bytes: encoder.encode(detached) },
			suite.inRelease
				? { kind: 'put', path: toPath('Release'), bytes: encoder.encode(text) }
				: {
						kind: 'replace',
						path: toPath('Release'),
						bytes: encoder.encode(text),
						version: suite.releaseVersion,
					},
			{
				kind: 'replace',
				path: toPath('InRelease'),
				bytes: inRelease,
				version: suite.inRelease?.version ?? null,
			},
		],
	};
};

/** What was served until now is archived before it goes: each was, by compare-and-set, really the served one. */
const toArchiveServed = ({ suite }: SuiteView): Change[] => {
	if (!suite.inRelease) return [];
	const path = toArchivePath(suite.name, suite.release, suite.inRelease.bytes);
	return suite.history.includes(path) ? [] : [{ kind: 'create', path, bytes: suite.inRelease.bytes }];
};

/** After the switch: what nobody needs for reading. Cut off here, the next publish makes up for it. */
const toTidying = async (
	repository: Repository,
	{ suite }: SuiteView,
	{ release, inRelease, now }: Signed & { readonly now: number },
): Promise<readonly Change[]> => {
	const path = toArchivePath(suite.name, release, inRelease);
	const pruning = await toPruning(repository, suite, { release, now });
	return [{ kind: 'create', path, bytes: inRelease }, ...pruning];
};

/** A Release that was signed but never became InRelease is made so, before anything else is done with the suite. */
const completeInRelease = async (
	{ store }: Repository,
	key: SigningKey,
	{ suite }: SuiteView,
	{ context, guard }: ChangeContext,
): Promise<WriteOutcome> => {
	const text = await key.clearSign(suite.text, context.clock.now());
	const path = toSuitePath(suite.name, 'InRelease');
	return store.write(
		[{ kind: 'replace', path, bytes: new TextEncoder().encode(text), version: null }],
		guard,
	);
};

const attempt = async (
	repository: Repository,
	key: SigningKey,
	update: SuiteUpdate,
	change: ChangeContext,
): Promise<WriteOutcome | 'again'> => {
	const { clock, signal } = change.context;
	const { acceptServed } = update;
	signal.throwIfAborted();
	const view = await openSuite(repository, update.suite, { now: clock.now(), acceptServed });
	if (view.suite.release && !view.suite.inRelease) {
		await completeInRelease(repository, key, view, change);
		return 'again';
	}
	const targets = await update.decide(view);
	if (targets === null) return { outcome: 'written' };
	const edit = await editSuite(repository, view, { targets, rewrite: update.rewrite ?? false });
	await verifyClock(repository, change.context);
	await verifySigningKey(key, clock.now());
	const date = await waitForDate(view.suite.release, change.context);
	const release = toNextRelease(repository, view.suite, { ...edit, date });
	const signed = await sign(key, view, { release, at: clock.now() });
	const changes = [...toArchiveServed(view), ...toIndexChanges(update.suite, edit), ...signed.changes];
	const tidying = await toTidying(repository, view, { ...signed, now: clock.now() });
	signal.throwIfAborted();
	const outcome = await repository.store.write(changes, change.guard);
	if (outcome.outcome === 'written') await repository.store.write(tidying, change.guard);
	return outcome;
};

/**
 * Changes what a suite offers, in one signed update that clients see all at once. Another writer who is first is no
 * conflict: his suite is read, `decide` is asked again and everything is made anew from it.
 * @throws SlipwayError APT_CONFLICT after 100 tries, APT_KEY_*, APT_CLOCK_WRONG, APT_DATE_AHEAD, APT_BYTES_*,
 * as readSuite, STORE_*
 */
export const updateSuite = async (
	repository: Repository,
	update: SuiteUpdate,
	change: ChangeContext,
): Promise<void> => {
	const { signingKey } = repository;
	if (!signingKey) throw missingKey();
	let path = '';
	for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
		const outcome = await attempt(repository, signingKey, update, change);
		if (outcome === 'again') continue;
		if (outcome.outcome === 'written') {
			if (path !== '') await mendPlain(repository, signingKey, { suite: update.suite, change });
			return;
		}
		path = outcome.path;
		await change.context.clock.sleep(Math.random() * BACK_OFF_MS, change.context.signal);
	}
	throw toAptError(
		'APT_CONFLICT',
		`other writers were first at ${path} ${MAX_ATTEMPTS} times`,
		'Wait until fewer releases are published to this repository at once, then run the command again.',
	);
};
