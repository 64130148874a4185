import { writeFile } from 'node:fs/promises';
import { type Context, findVersionProblem, SlipwayError } from '@slipway/core';
import { type Command, Option } from 'commander';
import {
	type GlobalOptions,
	type Io,
	type Result,
	runCommand,
	toActing,
	toDoor,
	toReportResult,
} from '../command.ts';
import { verifyProject } from '../join/consume.ts';
import { openMeans, type VerifyJoinCode, type VerifyMeans } from '../join/verify-means.ts';
import { type Verified, type VerifyRequest, verifyWhat } from '../join/verify-what.ts';
import { toErrorJson, toErrorText } from '../output/error-text.ts';
import { EXIT } from '../output/exit-code.ts';
import { isRefusal } from '../output/refusal.ts';
import { toVerifiedJson } from '../output/verify-json.ts';
import { toVerifiedText } from '../output/verify-text.ts';
import type { Parts } from './operations.ts';

interface VerifyOptions extends GlobalOptions {
	readonly policy?: string;
	readonly identity?: string;
	readonly identityPattern?: string;
	readonly issuer?: string;
	readonly key?: string[];
	readonly trustedRoot?: string;
	readonly offline?: boolean;
	readonly bundle?: string[];
	readonly registry?: string;
	readonly registryKeys?: string;
	readonly signingKey?: string[];
	readonly attestations: boolean;
	readonly vsa?: string;
	readonly keepGoing?: boolean;
}

const toRequest = (what: readonly string[], options: VerifyOptions): VerifyRequest => ({
	what,
	releaseFolder: options.release,
	policyFile: options.policy,
	identity: options.identity,
	identityPattern: options.identityPattern,
	issuer: options.issuer,
	keys: options.key,
	trustedRoot: options.trustedRoot,
	offline: options.offline,
	bundles: options.bundle ?? [],
	registry: options.registry,
	registryKeys: options.registryKeys,
	signingKeys: options.signingKey ?? [],
	withoutAttestations: !options.attestations,
});

const toResult = (verified: readonly Verified[]): Result => ({
	code: EXIT.done,
	json: { verified: true, results: verified.map(toVerifiedJson) },
	text: (paint) => verified.map((one) => toVerifiedText(one, paint)).join('\n'),
});

/** A refusal is a verdict: it is printed as the result, with an exit code of its own. */
const toRefused = (thrown: SlipwayError): Result => ({
	code: EXIT.refused,
	json: { verified: false, ...toErrorJson(thrown) },
	text: (paint) => `${paint('bad', 'REFUSED')}\n${toErrorText(thrown, paint)}`,
});

const writeVsa = async (file: string, verified: readonly Verified[]): Promise<void> => {
	const statements = verified.flatMap((one) => (one.kind === 'release' ? one.vsa : []));
	if (statements.length === 0)
		throw new SlipwayError<VerifyJoinCode>(
			'VERIFY_OPTIONS_CLASH',
			'expected a Release folder beside --vsa, got another thing',
			{
				hint: 'Summaries are made of whole Releases: name the folder with --release.',
			},
		);
	await writeFile(file, statements.map((statement) => `${JSON.stringify(statement)}\n`).join(''));
};

interface World {
	readonly io: Io;
	readonly context: Context;
	readonly means?: VerifyMeans;
}

const verify = async (
	what: readonly string[],
	options: VerifyOptions,
	{ io, context, means }: World,
): Promise<Result> => {
	try {
		const request = { ...toRequest(what, options), means };
		const verified = await verifyWhat(toDoor(options, io), request, context);
		if (options.vsa !== undefined) await writeVsa(options.vsa, verified);
		return toResult(verified);
	} catch (thrown) {
		if (thrown instanceof SlipwayError && isRefusal(thrown.code)) return toRefused(thrown);
		throw thrown;
	}
};

/** A verdict for each of those named, in their order; a refusal does not end it. */
const verifyEach = async (
	what: readonly string[],
	options: VerifyOptions,
	{ io, context }: World,
): Promise<Result> => {
	const means = await openMeans(toDoor(options, io), toRequest(what, options), context);
	const verdicts: Result[] = [];
	for (const one of what) verdicts.push(await verify([one], options, { io, context, means }));
	const code = verdicts.find((verdict) => verdict.code !== EXIT.done)?.code ?? EXIT.done;
	return {
		code,
		json: { verified: code === EXIT.done, verdicts: verdicts.map(({ json }) => json) },
		text: (paint) => verdicts.map(({ text }) => text(paint)).join('\n'),
	};
};

/** A version, or nothing: the targets are looked at as a consumer does. */
const isOfTargets = ([first, ...more]: readonly string[], { release }: VerifyOptions): boolean =>
	release === undefined &&
	more.length === 0 &&
	(first === undefined || findVersionProblem(first) === undefined);

const collect = (value: string, all: string[] = []): string[] => [...all, value];

const HELP = `
What can be verified:
  (nothing), VERSION          every target, as a consumer sees it
  FOLDER or --release FOLDER  a Release folder: every byte, signature, SBOM, record, and how they hang together
  FILE [--bundle BUNDLE]      a file by its attestations, named or found beside it
  npm:NAME@VERSION            a package on a registry, with its attestations
  apt:URL SUITE               a suite of an apt repository (or apt:FOLDER), every file and attestation of it

Who may have signed is said by --policy, by --identity with --issuer, by --key, or by the policy of the project here.
With --trusted-root or --offline no connection is made for trust.`;

export const addVerify = (program: Command, { io, exit }: Parts): void => {
	program
		.command('verify')
		.argument('[what...]', "what to verify; default: the targets of the project's present version")
		.description(
			'verify what is published or was handed over: who signed what, when, and where it comes from',
		)
		.option('--policy <file>', "default: the project's, from its protected branch")
		.option('--identity <name>', 'who signed, exactly: the subject of the certificate')
		.option('--identity-pattern <regex>', 'the same as a regular expression, anchored at both ends')
		.option('--issuer <url>', 'who vouches for the identity, exactly')
		.addOption(
			new Option('--key <file>', 'a public key (PEM) that may have signed; repeatable').argParser(collect),
		)
		.option('--trusted-root <file>', 'a Sigstore trusted root (JSON)')
		.option('--offline', "the public instance's trusted root as this version knows it")
		.addOption(new Option('--bundle <file>', 'attestations of the file; repeatable').argParser(collect))
		.option('--registry <url>', 'of npm packages')
		.option('--registry-keys <file>', "the registry's own keys (JSON), for what it attests itself")
		.addOption(
			new Option('--signing-key <file>', 'OpenPGP public key of an apt repository; repeatable').argParser(
				collect,
			),
		)
		.option('--no-attestations', 'of an apt repository: signature and hashes alone')
		.option('--vsa <file>', 'write a verification summary (SLSA VSA v1, not signed) of a Release')
		.option('--keep-going', 'a verdict for each of those named, refused or not')
		.addHelpText('after', HELP)
		.action((what: string[], _, command: Command) =>
			runCommand(command, { io, exit, title: 'verify' }, async (context) => {
				const options = command.optsWithGlobals<VerifyOptions>();
				const isEach = options.keepGoing === true && !what[0]?.startsWith('apt:');
				if (!isOfTargets(what, options))
					return (isEach ? verifyEach : verify)(what, options, { io, context });
				const [version] = what;
				return toReportResult(
					await verifyProject(toDoor(options, io), { ...toActing({}), version }, context),
				);
			}),
		);
};
