import { createRequire } from 'node:module';
import type { RehearsalTarget } from '@slipway/report';

/** Name and version of everything that took part. */
export const readTools = (targets: readonly RehearsalTarget[]): readonly string[] => {
	const { version } = createRequire(import.meta.url)('verdaccio/package.json') as {
		readonly version: string;
	};
	const clients = new Set(targets.flatMap(({ verifiedBy }) => verifiedBy));
	return [
		`Node ${process.versions.node}`,
		`Verdaccio ${version}`,
		...clients,
		`${process.platform} ${process.arch}`,
	];
};
