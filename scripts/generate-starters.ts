import { toStarters } from '../packages/cli/src/init/index.ts';

const INTRODUCTION = `# Starters

What \`slipway init\` writes, for seven ways to release. Written by \`npm run generate\` from the same code; do not edit.

Take the files of one, or better run \`npx slipway init\`, which fits them to your project. \`OWNER/slipway\` and the commit of
zeros stand in for the repository and the commit of the version that you pin.

| starter | is for |
|---|---|
`;

/** docs/starters: each starter as files, and a page that lists them. */
export const toStarterFiles = (): (readonly [string, string])[] => {
	const starters = toStarters();
	const rows = starters.map(({ name, title }) => `| [${name}](${name}) | ${title} |\n`);
	return [
		['docs/starters/README.md', INTRODUCTION + rows.join('')],
		...starters.flatMap(({ name, files }) =>
			files.map(({ path, text }) => [`docs/starters/${name}/${path}`, text] as const),
		),
	];
};
