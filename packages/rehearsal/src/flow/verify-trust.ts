import { constants, existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRelease } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import type { RehearsalChain } from '@slipway/report';
import type { RehearsalCode } from '../code.ts';
import { exchangeAtConsumer } from '../tampering/tamper-consumer.ts';
import { makeTamperedCopies, type TamperedCopy, toRefusal } from '../tampering/try-tampering.ts';
import type { RehearsedTrust } from '../trust/open-trust.ts';
import { toChain } from '../trust/to-chain.ts';
import {
	findIsolation,
	type ReadVerdict,
	type VerifyRequest,
	verifyFolders,
} from '../trust/verify-folders.ts';
import { type Stage, toEnvironment, toReleaseFolder } from './part.ts';

/** A Release as a consumer has it: a copy that no later step changes, a policy and a trusted root. */
export interface Consumed {
	readonly trust: RehearsedTrust;
	/** Where everything of the consumer lies. */
	readonly folder: string;
	readonly whole: VerifyRequest;
}

/** Takes the Release away before the next operation adds to it; undefined where it was not signed. */
export const takeRelease = async (
	stage: Stage,
	trust: RehearsedTrust | undefined,
): Promise<Consumed | undefined> => {
	const signatures = join(toReleaseFolder(stage, 'project'), 'attestations');
	if (trust === undefined || !existsSync(signatures)) return undefined;
	const folder = join(stage.place.folder, 'verified');
	await mkdir(folder, { recursive: true });
	const release = join(folder, 'release');
	await cp(toReleaseFolder(stage, 'project'), release, { recursive: true, mode: constants.COPYFILE_FICLONE });
	const { policyFile, trustedRootFile } = trust;
	return { trust, folder, whole: { folder: release, policyFile, trustedRootFile } };
};

type Trial = Pick<TamperedCopy, 'tampering' | 'links'> & { readonly request: VerifyRequest };

const makeTrials = async (stage: Stage, { trust, folder, whole }: Consumed): Promise<readonly Trial[]> => {
	const { sigstore } = stage.services;
	const { artifacts } = (await readRelease(whole.folder)).manifest;
	const [artifact] = artifacts;
	if (artifact === undefined || stage.world.fault !== undefined) return [];
	const older = stage.draft.previous?.built === null ? undefined : toReleaseFolder(stage, 'previous');
	const means = { sigstore, claims: trust.claims, artifacts, artifact, older };
	const copies = await makeTamperedCopies(whole.folder, join(folder, 'tampered'), means);
	const trials = copies.map((copy) => ({ ...copy, request: { ...whole, folder: copy.folder } }));
	return [...trials, ...(await exchangeAtConsumer({ request: whole, folder }))];
};

const toText = (count: number, isolated: boolean): string =>
	`one process of Slipway ${isolated ? 'in a network of its own with nothing in it (unshare -rn)' : 'that was given no address'}, for this Release and ${count} changed copies`;

/** @throws SlipwayError REHEARSAL_CHAIN_REFUSED */
const toVerified = (
	verdict: ReadVerdict | undefined,
	how: Pick<RehearsalChain, 'verifiedWith' | 'offline'>,
): RehearsalChain => {
	if (verdict?.verified) return toChain(verdict.verification, how);
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_CHAIN_REFUSED',
		`expected the Release to verify, got ${verdict?.code}: ${verdict?.message}`,
		{ hint: 'Look at the Release folder that is named; please report it if the project is not to blame.' },
	);
};

/**
 * Verifies the Release as a consumer, without a network where that can be had, and that every changed copy is refused.
 * @throws SlipwayError REHEARSAL_CHAIN_REFUSED, REHEARSAL_TAMPERING_ACCEPTED
 */
export const verifyTrust = async (stage: Stage, consumed: Consumed): Promise<void> => {
	const { draft, world } = stage;
	const environment = await toEnvironment(stage);
	const { signal } = world.context;
	const [isolation, trials] = await Promise.all([
		findIsolation({ environment }),
		makeTrials(stage, consumed),
	]);
	const listFile = join(consumed.folder, 'to-verify.json');
	const requests = [consumed.whole, ...trials.map(({ request }) => request)];
	const [whole, ...verdicts] = await verifyFolders(requests, { listFile, environment, signal }, isolation);
	const offline = isolation !== undefined;
	draft.chain = toVerified(whole, { verifiedWith: toText(trials.length, offline), offline });
	const { name } = draft.project;
	draft.tampering = trials.map((trial, index) =>
		toRefusal(name, trial, verdicts[index] ?? { verified: false, code: 'none', message: 'no verdict' }),
	);
};
