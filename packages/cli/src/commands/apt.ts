import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyArchiveFile } from '@slipway/archive';
import type { Context } from '@slipway/core';
import { type Command, Option } from 'commander';
import { type GlobalOptions, parseNumber, type Result, runCommand, toDoor } from '../command.ts';
import { findAptTarget, openRepository, readPublicKeys } from '../join/apt.ts';
import { openProject } from '../join/project.ts';
import { EXIT } from '../output/exit-code.ts';
import { toTakenOverText } from '../output/take-over-text.ts';
import type { Parts } from './operations.ts';

interface AptOptions extends GlobalOptions {
	readonly target?: string;
	readonly suite?: string;
	readonly component?: string;
	readonly packageVersion?: string;
	readonly acceptServed?: boolean;
	readonly from?: string;
	readonly allSuites?: boolean;
	readonly dryRun?: boolean;
	readonly name: string;
	readonly email: string;
	readonly days: number;
	readonly out: string;
}

const done = (json: object, text: string): Result => ({ code: EXIT.done, json, text: () => text });

/** A change by hand belongs to no plan: its guard only obeys the signal. */
const toChange = (context: Context) => ({ context, guard: async () => context.signal.throwIfAborted() });

const open = async (command: Command, { io }: Parts) => {
	const options = command.optsWithGlobals<AptOptions>();
	const project = await openProject(toDoor(options, io));
	const target = findAptTarget(project, options.target);
	const place = { suite: options.suite ?? target.suite, component: options.component ?? target.component };
	return { options, project, target, place };
};

const addKeys = (apt: Command, { io, exit }: Parts): void => {
	apt
		.command('keys')
		.description('make a signing key: the private one for a secret, the public one for users')
		.requiredOption('--name <name>', 'for example "Example archive"')
		.requiredOption('--email <address>')
		.addOption(new Option('--days <number>', 'life time').argParser(parseNumber).default(730))
		.option('--out <folder>', 'where signing-key.asc and signing-key.pub.asc go', '.')
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'apt keys' }, async () => {
				const { generateSigningKey } = await import('@slipway/deb');
				const { name, email, days, out } = command.optsWithGlobals<AptOptions>();
				const key = await generateSigningKey({ name, email, days });
				const [secret, shared] = [join(out, 'signing-key.asc'), join(out, 'signing-key.pub.asc')];
				await mkdir(out, { recursive: true });
				await writeFile(secret, key.privateKey, { mode: 0o600, flag: 'wx' });
				await writeFile(shared, key.publicKey, { flag: 'wx' });
				const text = `${key.fingerprint}\n  ${secret} is secret: keep it in the CI's secret store, and a copy offline\n  ${shared} is for users`;
				return done({ fingerprint: key.fingerprint, privateKey: secret, publicKey: shared }, text);
			}),
		);
};

const addAdd = (apt: Command, parts: Parts): void => {
	apt
		.command('add')
		.argument('<debs...>', '.deb files')
		.description('put .debs into the repository by hand, all in one index update')
		.action((debs: string[], _, command: Command) =>
			runCommand(command, { ...parts, title: 'apt add' }, async (context) => {
				const { addDebs } = await import('@slipway/deb/repository');
				const { project, target, place } = await open(command, parts);
				for (const path of debs) await verifyArchiveFile(path, { maxEntries: 200_000, absoluteLinks: true });
				const bytes = await Promise.all(debs.map((path) => readFile(path)));
				const repository = await openRepository(project, target);
				const added = await addDebs(
					repository,
					{ ...place, debs: bytes, keep: target.keep },
					toChange(context),
				);
				return done(
					{ added },
					added
						.map(({ name, version, architecture }) => `added ${name} ${version} ${architecture}`)
						.join('\n'),
				);
			}),
		);
};

const addRemove = (apt: Command, parts: Parts): void => {
	apt
		.command('remove')
		.argument('<package>')
		.description('take a package, or one version of it, out of the index; its files stay in the pool')
		.option('--package-version <version>', 'only this Debian version')
		.action((name: string, _, command: Command) =>
			runCommand(command, { ...parts, title: `apt remove ${name}` }, async (context) => {
				const { removePackage } = await import('@slipway/deb/repository');
				const { project, target, place, options } = await open(command, parts);
				const version = options.packageVersion;
				await removePackage(
					await openRepository(project, target),
					{ ...place, name, version },
					toChange(context),
				);
				return done(
					{ removed: { name, version: version ?? null, ...place } },
					`removed ${name} ${version ?? '(all versions)'} from ${place.suite}/${place.component}`,
				);
			}),
		);
};

const addResign = (apt: Command, parts: Parts): void => {
	apt
		.command('re-sign')
		.description('sign the suite again, unchanged, under a newer date: before Valid-Until, or with a new key')
		.option('--accept-served', 'also when what is served has expired or was put back; look at it first')
		.action((_, command: Command) =>
			runCommand(command, { ...parts, title: 'apt re-sign' }, async (context) => {
				const { resign } = await import('@slipway/deb/repository');
				const { project, target, place, options } = await open(command, parts);
				const acceptServed = options.acceptServed ?? false;
				await resign(
					await openRepository(project, target),
					{ suite: place.suite, acceptServed },
					toChange(context),
				);
				return done({ resigned: place.suite }, `signed ${place.suite} again`);
			}),
		);
};

const addClean = (apt: Command, parts: Parts): void => {
	apt
		.command('clean')
		.description(
			'remove pool files that no index names, now or lately; never one that a reader may still ask for',
		)
		.action((_, command: Command) =>
			runCommand(command, { ...parts, title: 'apt clean' }, async (context) => {
				const { cleanPool } = await import('@slipway/deb/repository');
				const { project, target } = await open(command, parts);
				const removed = await cleanPool(await openRepository(project, target), toChange(context));
				return done({ removed }, removed.map((path) => `removed ${path}`).join('\n') || 'nothing to remove');
			}),
		);
};

const addTakeOver = (apt: Command, parts: Parts): void => {
	apt
		.command('take-over')
		.description(
			'go on with a repository that reprepro, aptly or another tool has published; its clients notice nothing',
		)
		.option('--from <folder or URL>', 'where it is published today (default: in the store of the target)')
		.option('--all-suites', 'every suite found there, not only that of the target')
		.option('--dry-run', 'only look, and say what would stay as it is')
		.action((_, command: Command) =>
			runCommand(command, { ...parts, title: 'apt take-over' }, async (context) => {
				const { takeOverProject } = await import('../join/take-over.ts');
				const { project, target, place, options } = await open(command, parts);
				const suites = await takeOverProject(
					{ ...options, project, target, suite: place.suite },
					toChange(context),
				);
				return done({ suites }, suites.map(toTakenOverText).join('\n'));
			}),
		);
};

const addSources = (apt: Command, parts: Parts): void => {
	apt
		.command('sources')
		.description('print the .sources file for users, with the key inside')
		.action((_, command: Command) =>
			runCommand(command, { ...parts, title: 'apt sources' }, async () => {
				const { mergeKeys, toSourcesText } = await import('@slipway/deb');
				const { project, target, place } = await open(command, parts);
				const key = await mergeKeys(await readPublicKeys(project, target));
				const text = toSourcesText({ url: target.url, ...place, key });
				return done({ sources: text }, text.trimEnd());
			}),
		);
};

export const addApt = (program: Command, parts: Parts): void => {
	const apt = program.command('apt').description('care for a signed apt repository');
	addKeys(apt, parts);
	for (const add of [addAdd, addRemove, addResign, addClean, addTakeOver, addSources]) add(apt, parts);
	for (const command of apt.commands.filter((command) => command.name() !== 'keys')) {
		command
			.addOption(new Option('--target <id>', 'which apt target of slipway.yml (default: the only one)'))
			.addOption(new Option('--suite <name>', 'default: the one of the target'))
			.addOption(new Option('--component <name>', 'default: the one of the target'));
	}
};
