import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Context, SlipwayError, toPrintable } from '@slipway/core';
import type { Door, JoinCode } from './project.ts';
import { type VerifiedApt, verifyAptRepository } from './verify-apt.ts';
import { type VerifiedFile, verifyOneFile } from './verify-file.ts';
import { type VerifiedFolder, verifyFolder } from './verify-folder.ts';
import type { TrustOptions } from './verify-means.ts';
import { verifyNpmPackage } from './verify-npm.ts';

export type Verified = VerifiedFolder | VerifiedFile | VerifiedApt;

export interface VerifyRequest extends TrustOptions {
	/** Paths, `npm:…`, package URLs, or `apt:…` and a suite. */
	readonly what: readonly string[];
	readonly releaseFolder?: string | undefined;
	readonly bundles: readonly string[];
	readonly registry?: string | undefined;
	readonly registryKeys?: string | undefined;
	readonly signingKeys: readonly string[];
	readonly withoutAttestations?: boolean | undefined;
}

const unknown = (message: string, hint: string): SlipwayError =>
	new SlipwayError<JoinCode>('TARGET_UNKNOWN', message, { hint });

const verifyPath = async (
	door: Door,
	path: string,
	request: VerifyRequest & { readonly context: Context },
): Promise<Verified> => {
	const { context, ...options } = request;
	const stats = await stat(path).catch(() => undefined);
	if (stats?.isDirectory()) return verifyFolder(door, { ...options, folder: path }, context);
	if (stats?.isFile()) return verifyOneFile(door, { ...options, file: path }, context);
	throw unknown(
		`expected a file, a Release folder, npm:NAME@VERSION or apt:URL SUITE, got ${JSON.stringify(toPrintable(path, 300))}`,
		'Correct the name; `slipway verify --help` lists what can be verified.',
	);
};

const verifyApt = async (
	door: Door,
	{ what, ...options }: VerifyRequest,
	context: Context,
): Promise<VerifiedApt> => {
	const [spec = '', suite, ...more] = what;
	if (suite === undefined || more.length > 0)
		throw unknown(
			'expected apt:URL and one suite',
			'For example: slipway verify apt:https://example.org/apt stable.',
		);
	return verifyAptRepository(door, { ...options, spec, suite }, context);
};

/**
 * Verifies whatever is named, one after the other; the first refusal ends it.
 * @throws SlipwayError VERIFY_*, RELEASE_*, NPM_*, APT_*, POLICY_*, TARGET_UNKNOWN
 */
export const verifyWhat = async (
	door: Door,
	request: VerifyRequest,
	context: Context,
): Promise<Verified[]> => {
	const { what, releaseFolder } = request;
	if (what[0]?.startsWith('apt:')) return [await verifyApt(door, request, context)];
	const verified: Verified[] = [];
	if (releaseFolder !== undefined)
		verified.push(await verifyFolder(door, { ...request, folder: resolve(releaseFolder) }, context));
	for (const one of what) {
		const isNpm = one.startsWith('npm:') || one.startsWith('pkg:npm/');
		const next = isNpm
			? verifyNpmPackage(door, { ...request, spec: one }, context)
			: verifyPath(door, one, { ...request, context });
		verified.push(await next);
	}
	return verified;
};
