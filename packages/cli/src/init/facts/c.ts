import { basename } from 'node:path';
import type { Command } from '@slipway/core/config';
import { readDebian } from './debian.ts';
import type { Metadata } from './facts.ts';
import type { Part } from './part.ts';
import { findKind, readProjectFile } from './read-file.ts';
import { joinMetadata, toDebName, toLine, toProjectName, toVersion } from './words.ts';

/** Where the files lie as they will be installed. */
const ROOT = 'build/root';

interface System {
	readonly commands: readonly Command[];
	readonly metadata: Metadata;
	readonly notes: readonly string[];
}

const readMeson = (text: string): System => ({
	commands: [
		['meson', 'setup', 'build', '--prefix=/usr', '--buildtype=release'],
		['meson', 'compile', '-C', 'build'],
		['meson', 'install', '-C', 'build', '--destdir', 'root'],
	],
	metadata: {
		name: toProjectName(/\bproject\(\s*'([^'\n]{1,100})'/.exec(text)?.[1]),
		version: toVersion(/\bversion\s{0,20}:\s{0,20}'([^'\n]{1,60})'/.exec(text)?.[1]),
		license: toLine(/\blicense\s{0,20}:\s{0,20}'([^'\n]{1,60})'/.exec(text)?.[1]),
	},
	notes: [],
});

/** The arguments of the first project() alone: a search through the whole text for each would take its square. */
const readCmake = (text: string): System => {
	const project = /\bproject\s{0,20}\(\s{0,20}([^)]{0,600})/i.exec(text)?.[1] ?? '';
	return {
		commands: [
			['cmake', '-B', 'build', '-DCMAKE_BUILD_TYPE=Release', '-DCMAKE_INSTALL_PREFIX=/usr'],
			['cmake', '--build', 'build'],
			['env', `DESTDIR=${ROOT}`, 'cmake', '--install', 'build'],
		],
		metadata: {
			name: toProjectName(/^[A-Za-z0-9_.+-]{1,100}/.exec(project)?.[0]),
			version: toVersion(/\bVERSION\s{1,20}([0-9.]{1,60})/i.exec(project)?.[1]),
			description: toLine(/\bDESCRIPTION\s{1,20}"([^"\n]{1,200})"/i.exec(project)?.[1]),
		},
		notes: [],
	};
};

const INSTALL: Command = ['make', 'install', `DESTDIR=${ROOT}`, 'PREFIX=/usr', 'prefix=/usr'];

const readMake = (text: string): System => ({
	commands: [['make'], INSTALL],
	metadata: { version: toVersion(/^VERSION[ \t]{0,20}[:?]?=[ \t]{0,20}([^\s#]{1,60})/m.exec(text)?.[1]) },
	notes: /^install[ \t]*:/m.test(text)
		? []
		: [
				'The Makefile has no target `install`: give it one that obeys DESTDIR, or correct `build: commands:`.',
			],
});

const readConfigure = (): System => ({
	commands: [['./configure', '--prefix=/usr'], ['make'], ['make', 'install', `DESTDIR=${ROOT}`]],
	metadata: {},
	notes: [],
});

const SYSTEMS = [
	['meson.build', readMeson],
	['CMakeLists.txt', readCmake],
	['configure', readConfigure],
	['Makefile', readMake],
	['makefile', readMake],
	['GNUmakefile', readMake],
] as const;

const findSystem = async (folder: string): Promise<System | undefined> => {
	for (const [name, read] of SYSTEMS) {
		// A configure script may be long; its text says nothing.
		if (name === 'configure' && (await findKind(folder, name))) return readConfigure();
		const text = name === 'configure' ? undefined : await readProjectFile(folder, name);
		if (text !== undefined) return read(text);
	}
	return undefined;
};

/** One archive of what is installed, the same bytes for the same files. */
const toArchive = (file: string): Command => [
	...(['tar', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'] as const),
	...['-C', `${ROOT}/usr`, '-cJf', file, '.'],
];

/**
 * A project that make, CMake, Meson or a configure script builds and installs: its tree as a Debian package, or, without
 * one, as an archive. undefined: none of them is there.
 */
export const findC = async (folder: string): Promise<Part | undefined> => {
	const system = await findSystem(folder);
	const debian = await readDebian(folder);
	if (system === undefined) return undefined;
	const metadata = joinMetadata(joinMetadata(debian ?? {}, system.metadata), {
		name: toProjectName(basename(folder)),
	});
	const name = toDebName(metadata.name ?? '');
	const file = `build/${metadata.name ?? 'program'}-linux.tar.xz`;
	return {
		kind: 'c',
		metadata,
		commands: system.commands,
		outputs: [],
		debs: name
			? [
					{
						name,
						architecture: 'native',
						depends: ['libc6'],
						files: [{ source: `${ROOT}/usr`, target: '/usr' }],
						links: {},
					},
				]
			: [],
		debCommands: [],
		plain: { commands: [toArchive(file)], outputs: [file] },
		suggested: debian === undefined ? ['github'] : ['apt', 'github'],
		notes: system.notes,
	};
};
