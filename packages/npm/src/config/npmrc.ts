import { readFileSync } from 'node:fs';
import { SlipwayError } from '@slipway/core';
import ini from 'ini';
import type { NpmCode } from '../code.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings by key; later layers are asked first. */
export type Layer = ReadonlyMap<string, string>;

/** `${NAME}` becomes the variable's value and stays as it is where there is none; `${NAME?}` becomes empty then. */
const expand = (text: string, environment: Environment): string =>
	text.replace(/(\\*)\$\{([^${}?]+)(\?)?\}/g, (whole, slashes: string, name: string, optional?: string) =>
		slashes.length % 2 === 1
			? whole.slice((slashes.length + 1) / 2)
			: `${slashes.slice(slashes.length / 2)}${environment[name] ?? (optional ? '' : `\${${name}}`)}`,
	);

/** Reads one npmrc (npmrc(5)); an absent file is empty. */
export const readNpmrc = (path: string, environment: Environment): Layer => {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (cause) {
		if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return new Map();
		throw new SlipwayError<NpmCode>('NPM_CONFIG_INVALID', `cannot read the npm configuration ${path}`, {
			hint: 'Make the file readable for this user, or name another with npm_config_userconfig.',
			cause,
		});
	}
	const entries = Object.entries(ini.parse(text)).filter(
		(entry): entry is [string, string] => typeof entry[1] === 'string',
	);
	return new Map(entries.map(([key, value]) => [expand(key, environment), expand(value, environment)]));
};

/** `npm_config_*` variables, in any case; a key that names a registry keeps its own. */
export const toEnvironmentLayer = (environment: Environment): Layer =>
	new Map(
		Object.entries(environment).flatMap(([name, value]) => {
			const key = /^npm_config_(.+)$/i.exec(name)?.[1];
			if (key === undefined || !value) return [];
			const isScoped = key.startsWith('//') || key.startsWith('@');
			return [[isScoped ? key : key.toLowerCase().replace(/(?!^)_/g, '-'), value] as const];
		}),
	);
