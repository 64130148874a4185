import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseJson, record, SlipwayError } from '@slipway/core';
import { findNpmCli, run } from '@slipway/process';
import * as v from 'valibot';
import type { RehearsalCode } from '../code.ts';
import type { Look, Place, Wanted } from './look.ts';

const Packed = v.union([
	v.array(v.looseObject({ version: v.string(), filename: v.string() })),
	record(v.string(), v.looseObject({ version: v.string(), filename: v.string() })),
]);

const readPacked = (stdout: string): { readonly version: string; readonly filename: string } | undefined => {
	const json = parseJson(stdout, 'the output of npm pack');
	const packed = v.safeParse(Packed, json);
	return packed.success ? Object.values(packed.output)[0] : undefined;
};

const readClient = async ([, cli]: readonly [string, string]): Promise<string> => {
	const packageJson = JSON.parse(await readFile(join(dirname(cli), '..', 'package.json'), 'utf8'));
	return `npm ${packageJson.version}`;
};

/**
 * Lets npm itself, with an empty cache and without rights, resolve a package and download it.
 * @throws SlipwayError REHEARSAL_CONSUMER_FAILED
 */
export const lookWithNpm = async (
	{ name, pointer }: Wanted,
	registry: string,
	place: Place,
): Promise<Look> => {
	const home = join(place.folder, 'home');
	await mkdir(home, { recursive: true });
	const npm = findNpmCli(place.environment);
	const clean = {
		...place.environment,
		HOME: home,
		npm_config_userconfig: join(home, '.npmrc'),
		npm_config_cache: join(home, 'cache'),
		npm_config_registry: registry,
	};
	const options = { cwd: place.folder, environment: clean, signal: place.signal, timeoutMs: 120_000 };
	const spec = pointer === 'latest' ? name : `${name}@${pointer}`;
	const [client, { code, stdout, stderr }] = await Promise.all([
		readClient(npm),
		run([...npm, 'pack', spec, '--json', '--ignore-scripts', '--prefer-online'], options),
	]);
	if (code !== 0 && /E404|ETARGET|ENOVERSIONS/.test(stderr + stdout))
		return { version: null, sha256: null, size: 0, client };
	const packed = code === 0 ? readPacked(stdout) : undefined;
	if (packed === undefined)
		throw new SlipwayError<RehearsalCode>(
			'REHEARSAL_CONSUMER_FAILED',
			`npm pack ${spec} failed: ${stderr.trim().slice(-600)}`,
			{ hint: 'Look at what npm says; the embedded registry answered as it shows.' },
		);
	const bytes = await readFile(join(place.folder, packed.filename));
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	return { version: packed.version, sha256, size: bytes.length, client };
};
