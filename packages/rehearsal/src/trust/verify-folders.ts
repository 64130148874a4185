import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SlipwayError, toPrintable } from '@slipway/core';
import { type Argv, findExecutable, run } from '@slipway/process';
import type { ReleaseVerification } from '@slipway/verify';
import type { RehearsalCode } from '../code.ts';

/** A Release folder, and what it is held against. */
export interface VerifyRequest {
	readonly folder: string;
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

/** What became of one of them, as it came out of the process that verified. */
export type FolderVerdict =
	| { readonly verified: true; readonly verification: ReleaseVerification }
	| { readonly verified: false; readonly code: string; readonly message: string };

export type ReadVerdict =
	| { readonly verified: true; readonly verification: Verification }
	| { readonly verified: false; readonly code: string; readonly message: string };

export interface VerifyingProcess {
	/** Where the list of what is to be verified is put down. */
	readonly listFile: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly signal: AbortSignal;
}

// Beside this file, in TypeScript here and in JavaScript where it was compiled.
const CHILD = fileURLToPath(new URL(`./verify-child${extname(import.meta.url)}`, import.meta.url));

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

/**
 * Verifies Release folders as a consumer does: in another process, with the folder, a policy and a trusted root, and
 * without a network where `isolation` says how.
 * @throws SlipwayError REHEARSAL_COMMAND_FAILED
 */
export const verifyFolders = async (
	requests: readonly VerifyRequest[],
	{ listFile, environment, signal }: VerifyingProcess,
	isolation: Argv | undefined,
): Promise<readonly ReadVerdict[]> => {
	await writeFile(listFile, JSON.stringify(requests));
	const [program, ...rest]: readonly string[] = [...(isolation ?? []), process.execPath, CHILD, listFile];
	const { code, stdout, stderr } = await run([program ?? process.execPath, ...rest], {
		cwd: '/',
		environment,
		signal,
		timeoutMs: 5 * 60_000,
		maxOutputBytes: 64 * 1024 * 1024,
	});
	if (code === 0) return JSON.parse(stdout);
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_COMMAND_FAILED',
		`the verification ended with exit code ${code}: ${toPrintable(stderr.trim().slice(-500))}`,
		{ hint: 'Please report this.' },
	);
};
