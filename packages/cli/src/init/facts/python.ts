import type { Metadata } from './facts.ts';
import type { Part } from './part.ts';
import { readToml, type Table, toTable } from './toml.ts';
import { toAddress, toLine, toMaintainer, toProjectName, toRepository, toVersion } from './words.ts';

/** [project] (PEP 621), or Poetry's older table. */
const toMetadata = (project: Table): Metadata => {
	const urls = Object.entries(toTable(project, 'urls'));
	const homepage = urls.find(([label]) => label.toLowerCase() === 'homepage')?.[1] ?? project.homepage;
	const [author] = Array.isArray(project.authors) ? project.authors : [];
	return {
		name: toProjectName(project.name),
		version: toVersion(project.version),
		license: toLine(project.license) ?? toLine(toTable(project, 'license').text, 100),
		homepage: toAddress(homepage),
		description: toLine(project.description),
		maintainer: toMaintainer(author),
	};
};

/** A Python project: its wheel, built in an environment of its own. undefined: no pyproject.toml that describes one. */
export const findPython = async (folder: string): Promise<Part | undefined> => {
	const document = await readToml(folder, 'pyproject.toml');
	const tables = [toTable(document, 'project'), toTable(document, 'tool', 'poetry')];
	const project = tables.find(({ name }) => name !== undefined);
	if (project === undefined) return undefined;
	const urls = Object.values(toTable(project, 'urls'));
	return {
		kind: 'python',
		metadata: toMetadata(project),
		repository: [...urls, project.repository].map(toRepository).find((found) => found !== undefined),
		commands: [['pipx', 'run', 'build', '--wheel', '--outdir', 'dist', '.']],
		outputs: ['dist/*.whl'],
		debs: [],
		debCommands: [],
		suggested: ['github'],
		notes: ['PyPI is no target yet: the wheel goes to the release on GitHub.'],
	};
};
