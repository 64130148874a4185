import { record, SlipwayError, toPrintable } from '@slipway/core';
import { type Argv, type Finished, findExecutable, run } from '@slipway/process';
import type { ReleaseVerification } from '@slipway/verify';
import * as v from 'valibot';
import type { RehearsalCode } from '../code.ts';
import { toJson } from '../slipway/slipway.ts';

const TIMEOUT_MS = 5 * 60_000;
const MAX_OUTPUT = 64 * 1024 * 1024;

/** What Release folders are held against. */
export interface VerifyMeans {
	readonly policyFile: string;
	readonly trustedRootFile: string;
}

/** A verification as JSON carries it. */
export type Verification = Omit<ReleaseVerification, 'attestations' | 'verifiedAt'> & {
	readonly attestations: readonly (Omit<ReleaseVerification['attestations'][number], 'signedAt'> & {
		readonly signedAt: string | null;
	})[];
	readonly verifiedAt: string;
};

/** What the command said of one folder. */
export type FolderVerdict =
	| { readonly verified: true; readonly verification: Verification }
	| { readonly verified: false; readonly code: string; readonly message: string };

export interface VerifyingProcess {
	/** The program `slipway` and its first arguments. */
	readonly command: Argv;
	/** Where it runs: a folder that holds no project. */
	readonly folder: string;
	/** From `findIsolation`. */
	readonly isolation: Argv | undefined;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly signal: AbortSignal;
}

/** `unshare -rn`: a network of its own with nothing in it, not even loopback; undefined where that is not allowed here. */
export const findIsolation = async ({
	environment,
}: Pick<VerifyingProcess, 'environment'>): Promise<Argv | undefined> => {
	const unshare = findExecutable('unshare', environment.PATH);
	if (unshare === undefined) return undefined;
	const { code } = await run([unshare, '-rn', process.execPath, '--version'], {
		cwd: '/',
		environment: { PATH: environment.PATH },
		timeoutMs: 10_000,
	}).catch(() => ({ code: null }));
	return code === 0 ? [unshare, '-rn'] : undefined;
};

const Refused = v.object({
	verified: v.literal(false),
	error: v.object({ code: v.string(), message: v.string() }),
});
const Verified = v.object({
	verified: v.literal(true),
	results: v.pipe(v.array(record(v.string(), v.unknown())), v.length(1)),
});
const Verdicts = v.object({ verdicts: v.array(v.variant('verified', [Refused, Verified])) });

const toVerdict = (verdict: v.InferOutput<typeof Refused> | v.InferOutput<typeof Verified>): FolderVerdict =>
	verdict.verified
		? // The command is of this code base: what it says of a Release is what this type says.
			{ verified: true, verification: verdict.results[0] as unknown as Verification }
		: { verified: false, ...verdict.error };

/** @throws SlipwayError REHEARSAL_COMMAND_FAILED: no verdict, or not one a folder */
const readVerdicts = (finished: Finished, count: number): readonly FolderVerdict[] => {
	const parsed = v.safeParse(Verdicts, toJson(finished));
	if (parsed.success && parsed.output.verdicts.length === count) return parsed.output.verdicts.map(toVerdict);
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_COMMAND_FAILED',
		`slipway verify: expected ${count} verdicts, got exit code ${finished.code}: ${toPrintable(finished.stderr.trim().slice(-500))}`,
		{ hint: 'Please report this.' },
	);
};

/**
 * Verifies Release folders as a consumer does: by the command, with nothing but the folders, a policy and a trusted root,
 * and without a network where `isolation` says how.
 * @throws SlipwayError REHEARSAL_COMMAND_FAILED
 */
export const verifyFolders = async (
	folders: readonly string[],
	{ policyFile, trustedRootFile }: VerifyMeans,
	{ command, folder, environment, signal, isolation }: VerifyingProcess,
): Promise<readonly FolderVerdict[]> => {
	const means = ['--policy', policyFile, '--trusted-root', trustedRootFile];
	const asked = [...command, 'verify', ...folders, '--keep-going', '--json', ...means];
	const [program = process.execPath, ...rest] = [...(isolation ?? []), ...asked];
	const finished = await run([program, ...rest], {
		cwd: folder,
		environment,
		signal,
		timeoutMs: TIMEOUT_MS,
		maxOutputBytes: MAX_OUTPUT,
	});
	return readVerdicts(finished, folders.length);
};
