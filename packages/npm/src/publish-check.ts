import { SlipwayError } from '@slipway/core';
import type { NpmCode } from './code.ts';
import type { PackageJson } from './package-json.ts';

const toHost = (text: unknown): string =>
	typeof text === 'string' && URL.canParse(text) ? new URL(text).host : String(text);

/**
 * Refuses what must not leave by this registry: private packages and packages that name another one.
 * @param registry configured registry; undefined: not known yet
 * @throws SlipwayError NPM_PACKAGE_PRIVATE, NPM_REGISTRY_MISMATCH
 */
export const verifyPublishable = (packageJson: PackageJson, registry: string | undefined): void => {
	const { name, publishConfig = {} } = packageJson;
	if (packageJson.private)
		throw new SlipwayError<NpmCode>('NPM_PACKAGE_PRIVATE', `${name} is marked "private": true`, {
			hint: 'Remove "private" from its package.json, or leave the package out of `npm.packages`.',
		});
	if (registry === undefined) return;
	const [scope] = name.split('/');
	const named = publishConfig[`${scope}:registry`] ?? publishConfig.registry;
	if (named === undefined || toHost(named) === new URL(registry).host) return;
	throw new SlipwayError<NpmCode>(
		'NPM_REGISTRY_MISMATCH',
		`${name}: expected publishConfig to name the configured registry host ${new URL(registry).host}, got ${JSON.stringify(toHost(named).slice(0, 100))}`,
		{ hint: 'Set `registry` of the npm target in slipway.yml to where this package is to go.' },
	);
};
