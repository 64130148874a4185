import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '@slipway/core/config';
import type { DebFacts } from './facts.ts';
import type { Part } from './part.ts';
import { readProjectFile } from './read-file.ts';
import { toDebName, toProjectName, toRepository } from './words.ts';

interface Program {
	readonly name: string;
	/** As the go command names it. */
	readonly path: string;
}

const ARCHITECTURES = ['amd64', 'arm64'];

const hasMain = async (folder: string): Promise<boolean> => {
	const names = await readdir(folder).catch(() => []);
	const files = names.filter((name) => name.endsWith('.go') && !name.endsWith('_test.go')).slice(0, 50);
	for (const name of files)
		if (/^package main\b/m.test((await readProjectFile(folder, name)) ?? '')) return true;
	return false;
};

const listPrograms = async (folder: string, name: string): Promise<Program[]> => {
	const own = (await hasMain(folder)) ? [{ name, path: '.' }] : [];
	const entries = await readdir(join(folder, 'cmd'), { withFileTypes: true }).catch(() => []);
	const commands = await Promise.all(
		entries
			.filter((entry) => entry.isDirectory() && toProjectName(entry.name) === entry.name)
			.slice(0, 50)
			.map(async (entry) => ((await hasMain(join(folder, 'cmd', entry.name))) ? [entry.name] : [])),
	);
	return [...own, ...commands.flat().map((each) => ({ name: each, path: `./cmd/${each}` }))];
};

const toFile = ({ name }: Program, architecture: string): string => `build/${name}-linux-${architecture}`;

/** The same bytes in any folder: no paths, no build id, nothing of the checkout. */
const toCommand = (program: Program, architecture: string): Command => [
	'env',
	'CGO_ENABLED=0',
	'GOOS=linux',
	`GOARCH=${architecture}`,
	...['go', 'build', '-trimpath', '-buildvcs=false', '-ldflags=-s -w -buildid='],
	...['-o', toFile(program, architecture), program.path],
];

const toDeb = (name: string, programs: readonly Program[], architecture: string): DebFacts => ({
	name,
	architecture,
	depends: [],
	files: programs.map((program) => ({
		source: toFile(program, architecture),
		target: `/usr/bin/${program.name}`,
		mode: '0755',
	})),
	links: {},
});

/** A Go module: one static program for each `package main`, for each architecture. undefined: no go.mod. */
export const findGo = async (folder: string): Promise<Part | undefined> => {
	const text = await readProjectFile(folder, 'go.mod');
	if (text === undefined) return undefined;
	const module = /^module[ \t]+"?([^\s"]{1,300})/m.exec(text)?.[1] ?? '';
	const path = module.replace(/\/v\d{1,4}$/, '');
	const name = toProjectName(path.split('/').at(-1)) ?? 'program';
	const programs = await listPrograms(folder, name);
	const all = programs.flatMap((program) => ARCHITECTURES.map((architecture) => ({ program, architecture })));
	const debName = toDebName(name);
	return {
		kind: programs.length > 0 ? 'go' : undefined,
		metadata: { name },
		repository: toRepository(`https://${path.split('/').slice(0, 3).join('/')}`),
		commands: all.map(({ program, architecture }) => toCommand(program, architecture)),
		outputs: all.map(({ program, architecture }) => toFile(program, architecture)),
		debs:
			programs.length > 0 && debName
				? ARCHITECTURES.map((architecture) => toDeb(debName, programs, architecture))
				: [],
		debCommands: [],
		suggested: ['github'],
		notes:
			programs.length > 0
				? []
				: ['The Go module has no `package main`: users get it by its tag, nothing of it is uploaded.'],
	};
};
