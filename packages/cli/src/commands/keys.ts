import { resolve } from 'node:path';
import { toPrintable } from '@slipway/core';
import type { KeyComparison, LifeFinding } from '@slipway/verify';
import { type Command, Option } from 'commander';
import { type GlobalOptions, parseNumber, type Result, runCommand, toDoor } from '../command.ts';
import { makeKey, revokeKeys } from '../join/key-notice.ts';
import { checkProjectKeys, publishKeys } from '../join/keys.ts';
import { openProject } from '../join/project.ts';
import { EXIT } from '../output/exit-code.ts';
import type { Parts } from './operations.ts';

interface KeysOptions extends GlobalOptions {
	readonly days: number;
	readonly policy?: string;
	readonly trustedRoot?: string;
	readonly out: string;
	readonly name: string;
	readonly key: readonly string[];
	readonly builder: readonly string[];
	readonly file: readonly string[];
	readonly date?: string;
	readonly reason: string;
}

const collect = (text: string, before: readonly string[]): string[] => [...before, text];

const toLine = ({ state, role, name, id, validUntil, days, successor }: LifeFinding): string => {
	const end =
		validUntil === null ? 'no end' : `until ${validUntil.toISOString().slice(0, 10)} (${days} days)`;
	const next = successor === null ? '' : `, then ${successor}`;
	return toPrintable(`${state.padEnd(13)} ${role}: ${name} ${id.slice(0, 16)}, ${end}${next}`, 400);
};

const addCheck = (keys: Command, { io, exit }: Parts): void => {
	keys
		.command('check')
		.description(
			'how long keys of the policy, apt keys and the trusted root last; 1 when one ends with nobody to take over',
		)
		.addOption(
			new Option('--days <number>', 'an end within so many days is an alarm')
				.argParser(parseNumber)
				.default(60),
		)
		.option('--policy <file>', 'default: the one of the protected branch')
		.option('--trusted-root <file>', 'default: the one of slipway.yml')
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'keys check' }, async (context) => {
				const options = command.optsWithGlobals<KeysOptions>();
				const { trustedRoot: root, days, policy } = options;
				const trustedRoot = root === undefined ? undefined : resolve(io.cwd, root);
				const project = await openProject(toDoor(options, io));
				const check = await checkProjectKeys(project, { days, policy, trustedRoot }, context);
				const nothing = 'nothing here has an end: no keys in the policy, no apt target, no trusted root file';
				return {
					code: check.alarm ? EXIT.failed : EXIT.done,
					json: check,
					text: () => check.findings.map(toLine).join('\n') || nothing,
				};
			}),
		);
};

const addNew = (keys: Command, { io, exit }: Parts): void => {
	keys
		.command('new')
		.description('make a P-256 key to sign with where there is no identity, and its entry for the policy')
		.requiredOption('--name <name>', 'for example "release key 2027"')
		.addOption(new Option('--days <number>', 'life time').argParser(parseNumber).default(730))
		.option('--out <folder>', 'where signing-key.pem and signing-key.pub.pem go', '.')
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'keys new' }, async ({ clock }) => {
				const options = command.optsWithGlobals<KeysOptions>();
				const key = await makeKey({ ...options, out: resolve(io.cwd, options.out) }, clock.now());
				return {
					code: EXIT.done,
					json: key,
					text: () =>
						`${key.digest}\n  ${key.privateKey} is secret: keep it in the CI's secret store, and a copy offline\n  add to \`signers:\` of the policy, and leave the old key there until it ends:\n${key.entry}`,
				};
			}),
		);
};

const addPublish = (keys: Command, { io, exit }: Parts): void => {
	keys
		.command('publish')
		.description('write the public keys beside each apt repository and into a folder for a second place')
		.requiredOption('--out <folder>', 'what goes to the second place: a website, another host')
		.option('--policy <file>', 'default: the one of the protected branch')
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'keys publish' }, async () => {
				const options = command.optsWithGlobals<KeysOptions>();
				const project = await openProject(toDoor(options, io));
				const published = await publishKeys(project, { ...options, out: resolve(io.cwd, options.out) });
				return {
					code: EXIT.done,
					json: published,
					text: () => `${published.keys.length} keys at\n  ${published.places.join('\n  ')}`,
				};
			}),
		);
};

const toComparisonText = (
	{ same, both, onlyFirst, onlySecond }: KeyComparison,
	places: readonly string[],
): string =>
	[
		same ? `the same ${both.length} keys at both places` : 'the places differ',
		...onlyFirst.map(({ name, sha256 }) => `  only at ${places[0]}: ${name} ${sha256}`),
		...onlySecond.map(({ name, sha256 }) => `  only at ${places[1]}: ${name} ${sha256}`),
	]
		.map((line) => toPrintable(line, 600))
		.join('\n');

const addCompare = (keys: Command, { io, exit }: Parts): void => {
	keys
		.command('compare')
		.argument('<place>', 'a public key, or a folder or address with keys.json')
		.argument('<place>', 'another')
		.description('compare the keys published at two places; 1 when they differ')
		.action((first: string, second: string, _, command: Command) =>
			runCommand(command, { io, exit, title: 'keys compare' }, async (): Promise<Result> => {
				const { compareKeyPlaces, readKeyPlace } = await import('@slipway/verify');
				const read = (place: string) => readKeyPlace(/^https?:/.test(place) ? place : resolve(io.cwd, place));
				const comparison = compareKeyPlaces(await read(first), await read(second));
				return {
					code: comparison.same ? EXIT.done : EXIT.failed,
					json: comparison,
					text: () => toComparisonText(comparison, [first, second]),
				};
			}),
		);
};

const addRevoke = (keys: Command, { io, exit }: Parts): void => {
	keys
		.command('revoke')
		.description('write and sign a revocation notice, which verification obeys from its date on')
		.option('--key <digest-or-file>', 'a public key: its SHA-256 or its file; again for more', collect, [])
		.option('--builder <identity>', 'an exact signer identity; again for more', collect, [])
		.option('--file <path>', 'a released file; again for more', collect, [])
		.option('--date <time>', 'since when (RFC 3339); default: now')
		.requiredOption('--reason <text>')
		.option('--out <folder>', 'where the notice goes', '.')
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'keys revoke' }, async (context) => {
				const { key, builder, file, date, reason, out, ...options } = command.optsWithGlobals<KeysOptions>();
				const request = { keys: key, builders: builder, files: file, date, reason };
				const revoked = await revokeKeys(
					await openProject(toDoor(options, io)),
					{ ...request, out: resolve(io.cwd, out) },
					context,
				);
				return {
					code: EXIT.done,
					json: revoked,
					text: () =>
						`signed: ${revoked.path}\n  name it below \`revocations:\` of the policy, and publish it beside the keys`,
				};
			}),
		);
};

export const addKeys = (program: Command, parts: Parts): void => {
	const keys = program
		.command('keys')
		.description('keys over time: expiry, rotation, revocation, publication');
	for (const add of [addCheck, addNew, addPublish, addCompare, addRevoke]) add(keys, parts);
};
