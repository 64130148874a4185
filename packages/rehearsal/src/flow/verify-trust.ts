import { constants } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRelease } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import type { RehearsalChain, RehearsalTampering } from '@slipway/report';
import type { RehearsalCode } from '../code.ts';
import { exchangeMeans } from '../tampering/tamper-consumer.ts';
import { makeTamperedCopies, type TamperedCopy, toRefusal } from '../tampering/try-tampering.ts';
import type { RehearsedTrust } from '../trust/open-trust.ts';
import { toChain } from '../trust/to-chain.ts';
import {
	type FolderVerdict,
	findIsolation,
	type VerifyingProcess,
	verifyFolders,
} from '../trust/verify-folders.ts';
import { type Stage, toEnvironment, toReleaseFolder } from './part.ts';

/** A Release as a consumer has it: a copy that no later step changes, a policy and a trusted root. */
export interface Consumed {
	readonly trust: RehearsedTrust;
	/** Where everything of the consumer lies. */
	readonly folder: string;
	readonly release: string;
}

/** Takes the Release away before the next operation adds to it; undefined where it could not be signed. */
export const takeRelease = async (
	stage: Stage,
	trust: RehearsedTrust | undefined,
): Promise<Consumed | undefined> => {
	if (trust === undefined) return undefined;
	const folder = join(stage.place.folder, 'verified');
	await mkdir(folder, { recursive: true });
	const release = join(folder, 'release');
	await cp(toReleaseFolder(stage, 'project'), release, {
		recursive: true,
		mode: constants.COPYFILE_FICLONE,
	});
	return { trust, folder, release };
};

/** One copy a change; none where a fault is what is tried. */
const makeCopies = async (
	stage: Stage,
	{ trust, folder, release }: Consumed,
): Promise<readonly TamperedCopy[]> => {
	const { sigstore } = stage.services;
	const { artifacts } = (await readRelease(release)).manifest;
	const [artifact] = artifacts;
	if (artifact === undefined || stage.world.fault !== undefined) return [];
	const older = stage.draft.previous?.built === null ? undefined : toReleaseFolder(stage, 'previous');
	const means = { sigstore, claims: trust.claims, artifacts, artifact, older };
	return makeTamperedCopies(release, join(folder, 'tampered'), means);
};

const toText = (copies: number, { isolation }: VerifyingProcess): string =>
	`one run of slipway verify for this Release and ${copies} changed copies, ${isolation ? 'in a network of its own with nothing in it (unshare -rn)' : 'with a trusted root at hand, so that it has nothing to ask for'}`;

/** @throws SlipwayError REHEARSAL_CHAIN_REFUSED */
const toVerified = (
	verdict: FolderVerdict | undefined,
	how: Pick<RehearsalChain, 'verifiedWith' | 'offline'>,
): RehearsalChain => {
	if (verdict?.verified) return toChain(verdict.verification, how);
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_CHAIN_REFUSED',
		`expected the Release to verify, got ${verdict?.code}: ${verdict?.message}`,
		{ hint: 'Look at the Release folder that is named; please report it if the project is not to blame.' },
	);
};

const NO_VERDICT: FolderVerdict = { verified: false, code: 'none', message: 'no verdict' };

/** A whole Release, held against what it should not be. */
const tryExchanges = async (
	project: string,
	{ trust, folder, release }: Consumed,
	process: VerifyingProcess,
): Promise<readonly RehearsalTampering[]> => {
	const exchanges = await exchangeMeans(trust, folder);
	return Promise.all(
		exchanges.map(async (exchange) => {
			const [verdict = NO_VERDICT] = await verifyFolders([release], exchange.means, process);
			return toRefusal(project, exchange, verdict);
		}),
	);
};

const openProcess = async (stage: Stage, { folder }: Consumed): Promise<VerifyingProcess> => {
	const { command, context } = stage.world;
	const environment = await toEnvironment(stage);
	const isolation = await findIsolation({ environment });
	return { command, folder, isolation, environment, signal: context.signal };
};

/**
 * Verifies the Release as a consumer, without a network where that can be had, and that every changed copy is refused.
 * @throws SlipwayError REHEARSAL_CHAIN_REFUSED, REHEARSAL_TAMPERING_ACCEPTED
 */
export const verifyTrust = async (stage: Stage, consumed: Consumed): Promise<void> => {
	const { draft, world } = stage;
	const [process, copies] = await Promise.all([openProcess(stage, consumed), makeCopies(stage, consumed)]);
	const folders = [consumed.release, ...copies.map(({ folder }) => folder)];
	const [whole, ...verdicts] = await verifyFolders(folders, consumed.trust, process);
	const offline = process.isolation !== undefined;
	draft.chain = toVerified(whole, { verifiedWith: toText(copies.length, process), offline });
	const { name } = draft.project;
	const refused = copies.map((copy, index) => toRefusal(name, copy, verdicts[index] ?? NO_VERDICT));
	const exchanged = world.fault === undefined ? await tryExchanges(name, consumed, process) : [];
	draft.tampering = [...refused, ...exchanged];
};
