import { resolve } from 'node:path';
import { type Context, SlipwayError } from '@slipway/core';
import { type PinnedPolicy, parsePolicy } from '@slipway/core/policy';
import type { RevocationNotice, Trust } from '@slipway/verify';
import { type OpenedPolicy, openPolicy, readPolicyFile } from './policy.ts';
import { type Door, type JoinCode, type OpenProject, openProject } from './project.ts';
import { readPlainFile } from './read-plain-file.ts';

export type VerifyJoinCode =
	/** Nobody is named who may have signed. */
	| 'VERIFY_NOBODY_TRUSTED'
	/** Options that exclude each other, or lack each other. */
	| 'VERIFY_OPTIONS_CLASH';

/** Who is trusted, by a file or by name, and by which root. Paths are relative to the working folder. */
export interface TrustOptions {
	readonly policyFile?: string | undefined;
	/** Exact identity of the signing certificate, and who vouches for it. */
	readonly identity?: string | undefined;
	readonly identityPattern?: string | undefined;
	readonly issuer?: string | undefined;
	/** Files with public keys (PEM). */
	readonly keys?: readonly string[] | undefined;
	/** A Sigstore trusted root (JSON): no socket is opened. */
	readonly trustedRoot?: string | undefined;
	/** The copy of the public root that is part of this version: no socket is opened. */
	readonly offline?: boolean | undefined;
	/** Opened before, for several things in a row; then nothing else here is looked at. */
	readonly means?: VerifyMeans | undefined;
}

/** What everything is verified by. */
export interface VerifyMeans {
	readonly policy: PinnedPolicy;
	/** Where others can read the policy. */
	readonly policyUri: string | undefined;
	readonly trust: Trust;
	readonly revocations: readonly RevocationNotice[];
	/** The policy was made from options: it demands signatures by somebody, and nothing about what they are. */
	readonly isByName: boolean;
}

const refuse = (code: VerifyJoinCode, message: string, hint: string): SlipwayError =>
	new SlipwayError<VerifyJoinCode>(code, message, { hint });

const readNamed = async (path: string, what: string): Promise<Buffer> =>
	readPlainFile(resolve(path)).catch((cause) => {
		if (cause instanceof SlipwayError) throw cause;
		throw new SlipwayError<JoinCode>('PROJECT_UNREADABLE', `cannot read ${path}: expected ${what}`, {
			hint: 'Correct the name of the file.',
			cause,
		});
	});

const isByName = ({ identity, identityPattern, keys = [] }: TrustOptions): boolean =>
	identity !== undefined || identityPattern !== undefined || keys.length > 0;

/** @throws SlipwayError VERIFY_OPTIONS_CLASH */
const toCertificateSigner = ({ identity, identityPattern, issuer }: TrustOptions): object[] => {
	if (identity === undefined && identityPattern === undefined) return [];
	if (identity !== undefined && identityPattern !== undefined)
		throw refuse(
			'VERIFY_OPTIONS_CLASH',
			'expected --identity or --identity-pattern, got both',
			'Name one of them.',
		);
	if (issuer === undefined)
		throw refuse(
			'VERIFY_OPTIONS_CLASH',
			'expected --issuer beside the identity, got none: anybody can put any name into a certificate of an issuer of their own',
			'Name the issuer, for GitHub Actions --issuer https://token.actions.githubusercontent.com.',
		);
	return [
		{
			name: identity === undefined ? '--identity-pattern' : '--identity',
			issuer,
			...(identity === undefined ? { 'identity-pattern': identityPattern } : { identity }),
		},
	];
};

/** A policy from options: exact, anchored, and with the same defaults as a file. */
const toNamedPolicy = async (options: TrustOptions): Promise<PinnedPolicy> => {
	const keys = await Promise.all(
		(options.keys ?? []).map(async (path) => ({
			name: path,
			key: (await readNamed(path, 'a public key as PEM')).toString('utf8'),
		})),
	);
	const signers = [...toCertificateSigner(options), ...keys];
	return parsePolicy(Buffer.from(JSON.stringify({ policy: 1, signers })), 'the command line');
};

/** The project of the folder, where there is one: files and packages are verified anywhere. */
const openProjectHere = async (door: Door): Promise<OpenProject | undefined> => {
	try {
		return await openProject(door);
	} catch (thrown) {
		const { code } = thrown as { readonly code?: string };
		const none: readonly JoinCode[] = [
			'PROJECT_NOT_FOUND',
			'PROJECT_NAME_MISSING',
			'PROJECT_VERSION_MISSING',
		];
		if (none.includes(code as JoinCode)) return undefined;
		throw thrown;
	}
};

type Opened = Pick<VerifyMeans, 'policy' | 'policyUri' | 'isByName'> & { readonly opened?: OpenedPolicy };

const fromFile = (opened: OpenedPolicy): Opened => ({
	policy: opened,
	policyUri: opened.uri,
	isByName: false,
	opened,
});

/** @throws SlipwayError VERIFY_NOBODY_TRUSTED, VERIFY_OPTIONS_CLASH, POLICY_* */
const openTrusted = async (project: OpenProject | undefined, options: TrustOptions): Promise<Opened> => {
	if (options.issuer !== undefined && options.identity === undefined && options.identityPattern === undefined)
		throw refuse(
			'VERIFY_OPTIONS_CLASH',
			'expected an identity beside --issuer, got none',
			'Name who signed with --identity (or --identity-pattern); --issuer alone says nothing about it.',
		);
	if (options.policyFile !== undefined && isByName(options))
		throw refuse('VERIFY_OPTIONS_CLASH', 'expected a policy or an identity, got both', 'Name one of them.');
	if (isByName(options))
		return { policy: await toNamedPolicy(options), policyUri: undefined, isByName: true };
	if (options.policyFile !== undefined) return fromFile(await readPolicyFile(options.policyFile));
	const opened = project && (await openPolicy(project));
	if (opened && opened.policy.signers.length > 0) return fromFile(opened);
	throw refuse(
		'VERIFY_NOBODY_TRUSTED',
		opened ? `${opened.from} names no signers` : 'expected somebody who may have signed, got nobody',
		'Name a policy with --policy FILE, or who signed with --identity and --issuer, or a key with --key FILE.',
	);
};

const needsRoot = ({ policy }: PinnedPolicy): boolean => policy.signers.some((signer) => 'issuer' in signer);

/**
 * The root that belongs to a policy: the one beside it, which is as protected as the policy is. That of slipway.yml counts
 * only beside a policy that lies in the same folder: what is built never says whose signatures count.
 */
const findRoot = async (
	project: OpenProject | undefined,
	{ opened }: Opened,
): Promise<{ readonly trustedRoot: Uint8Array; readonly from: string } | undefined> => {
	const beside = opened?.policy['trusted-root'];
	if (opened && beside !== undefined) {
		const trustedRoot = opened.documents.get(beside);
		return trustedRoot && { trustedRoot, from: `${beside} beside ${opened.from}` };
	}
	const configured = opened?.isProtected === false ? project?.config.sign?.['trusted-root'] : undefined;
	if (project === undefined || configured === undefined) return undefined;
	const file = resolve(project.configFolder, configured);
	return { trustedRoot: await readNamed(file, 'a Sigstore trusted root'), from: file };
};

/** What was named by hand, else what belongs to the policy, none where only keys are trusted, else the public one. */
const openRoot = async (
	project: OpenProject | undefined,
	{ trustedRoot, offline = false, trusted }: TrustOptions & { readonly trusted: Opened },
	{ clock }: Pick<Context, 'clock'>,
): Promise<Trust> => {
	const { openTrust } = await import('@slipway/verify');
	if (trustedRoot !== undefined) {
		const bytes = await readNamed(trustedRoot, 'a Sigstore trusted root');
		return openTrust({ trustedRoot: bytes, from: trustedRoot, clock });
	}
	const found = offline ? undefined : await findRoot(project, trusted);
	if (found) return openTrust({ ...found, clock });
	if (!needsRoot(trusted.policy)) return openTrust({ clock });
	return openTrust(offline ? { pinned: true, clock } : { online: {}, clock });
};

/** Notices bind everything else, so that they are opened first. */
const openNotices = async (
	{ opened, policy }: Opened,
	trust: Trust,
	{ clock }: Pick<Context, 'clock'>,
): Promise<RevocationNotice[]> => {
	const bundles = opened?.policy.revocations.flatMap((path) => opened.documents.get(path) ?? []) ?? [];
	if (bundles.length === 0) return [];
	const { openRevocations } = await import('@slipway/verify');
	return openRevocations(bundles, { trust, policy, clock });
};

/**
 * Opens what everything is verified by: a policy by file, by name, or the project's own; a trusted root; revocations.
 * @throws SlipwayError VERIFY_*, POLICY_*, PROJECT_UNREADABLE, JSON_*
 */
export const openMeans = async (
	door: Door,
	options: TrustOptions,
	context: Context,
): Promise<VerifyMeans> => {
	if (options.means) return options.means;
	const project = await openProjectHere(door);
	const trusted = await openTrusted(project, options);
	const trust = await openRoot(project, { ...options, trusted }, context);
	const { opened: _, ...rest } = trusted;
	return { ...rest, trust, revocations: await openNotices(trusted, trust, context) };
};

/**
 * The same for a project whose policy is open already: by its own trusted root.
 * @throws as openMeans
 */
export const openProjectMeans = async (
	project: OpenProject,
	policy: OpenedPolicy,
	context: Context,
): Promise<VerifyMeans> => {
	const opened = fromFile(policy);
	const trust = await openRoot(project, { trusted: opened }, context);
	const { opened: _, ...rest } = opened;
	return { ...rest, trust, revocations: await openNotices(opened, trust, context) };
};
