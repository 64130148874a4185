import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../judge/ask.ts';
import { ACCEPTS, cannotJudge, REFUSES } from '../judge/judge.ts';
import { type AptKey, type AptRepository, makeAptRepository } from '../maker/apt-repository.ts';
import type { Expectation, Trial } from '../trial.ts';
import type { World } from '../world.ts';

const SECTION = 'An apt repository, as Slipway signed it';

/** What a suite is checked by: its files and a keyring. */
interface SuiteExhibit extends AptRepository {
	readonly item: string;
	readonly expectation: Expectation;
}

const changeDigest = (text: string): string =>
	text.replace(
		/^ ([0-9a-f])([0-9a-f]{63} )/m,
		(_line, first: string, rest: string) => ` ${first === '0' ? '1' : '0'}${rest}`,
	);

const copyWith = (repository: AptRepository, name: string, change: (text: string) => string): string => {
	const suite = join(repository.suite, '..', name);
	mkdirSync(suite);
	cpSync(join(repository.suite, 'Release.gpg'), join(suite, 'Release.gpg'));
	for (const file of ['InRelease', 'Release'])
		writeFileSync(join(suite, file), change(readFileSync(join(repository.suite, file), 'utf8')));
	return suite;
};

const toExhibits = (own: AptRepository, other: AptRepository): SuiteExhibit[] => [
	{ ...own, item: 'as made', expectation: ACCEPTS },
	{ ...own, item: 'a digest changed', suite: copyWith(own, 'changed', changeDigest), expectation: REFUSES },
	{ ...own, item: 'signed by another', suite: other.suite, expectation: REFUSES },
];

const CLEARTEXT = cannotJudge('this version of it reads detached signatures alone');

const toTrials = (key: AptKey, { suite, keyring, item, expectation }: SuiteExhibit): Trial[] => {
	const inRelease = { section: SECTION, row: `InRelease, ${key}`, item, expectation };
	const detached = { ...inRelease, row: `Release.gpg, ${key}` };
	const files = [join(suite, 'Release.gpg'), join(suite, 'Release')] as const;
	const askAbout =
		(judge: string, ...signed: readonly string[]) =>
		() =>
			ask([judge, '--keyring', keyring, ...signed], { cwd: suite });
	return [
		{ ...inRelease, judge: 'gpgv', look: askAbout('gpgv', join(suite, 'InRelease')) },
		{ ...inRelease, judge: 'sqv', expectation: CLEARTEXT },
		{ ...detached, judge: 'gpgv', look: askAbout('gpgv', ...files) },
		{ ...detached, judge: 'sqv', look: askAbout('sqv', ...files) },
	];
};

/** InRelease and Release.gpg of a repository, for each kind of key, before GnuPG's and Sequoia's verifiers. */
export const toAptTrials = async ({ folder }: World): Promise<readonly Trial[]> => {
	const trials: Trial[] = [];
	for (const key of ['Ed25519', 'RSA-3072'] as const) {
		const [own, other] = [await makeAptRepository(folder, key), await makeAptRepository(folder, key)];
		trials.push(...toExhibits(own, other).flatMap((exhibit) => toTrials(key, exhibit)));
	}
	return trials;
};
