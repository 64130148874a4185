import { lstatSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Context } from '@slipway/core';
import type { Sbom } from '@slipway/sbom';
import {
	makeProjectSbom,
	readLockfile,
	readProjectGraph,
	scoreSbom,
	toCycloneDx,
	toSpdx,
} from '@slipway/sbom/project';
import type { Result } from '../command.ts';
import type { Door } from '../join/project.ts';
import { readEpoch } from '../join/sbom-epoch.ts';
import { TOOL } from '../join/tool.ts';
import { EXIT } from '../output/exit-code.ts';
import { toScoreText } from '../output/sbom-text.ts';

interface SourceRequest {
	readonly source: string;
	readonly cwd: string;
	readonly door: Door;
	readonly format: 'cyclonedx' | 'spdx';
	readonly out?: string;
	readonly omit?: 'dev';
	readonly packuments?: boolean;
}

/** The registry of the npm configuration fills in what no manifest here states. */
const askRegistry = async (sbom: Sbom, { folder, environment }: Door, { signal }: Context): Promise<Sbom> => {
	const [{ askNpmForRegistry, readNpmConfig }, { withPackuments }] = await Promise.all([
		import('@slipway/npm'),
		import('@slipway/sbom'),
	]);
	const config = readNpmConfig({ projectFolder: folder, home: environment.HOME ?? homedir(), environment });
	const registry = config.registry ?? (await askNpmForRegistry(folder, environment));
	return withPackuments(sbom, {
		registryFor: (name) => config.registryFor(name) ?? registry,
		authorizationFor: (asked) => config.authorizationFor(asked),
		signal,
	});
};

const isFolder = (path: string): boolean =>
	lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** `slipway sbom FOLDER|LOCKFILE`: one SBOM of everything a project needs, without a release. */
export const sbomSource = async (request: SourceRequest, context: Context): Promise<Result> => {
	const { cwd, door, format, out, omit } = request;
	const source = resolve(cwd, request.source);
	const project = await (isFolder(source) ? readProjectGraph(source) : readLockfile(source));
	const epoch = await readEpoch({
		folder: isFolder(source) ? source : dirname(source),
		environment: door.environment,
	});
	const listed = makeProjectSbom({ project, development: omit !== 'dev', epoch, tool: TOOL });
	const sbom = request.packuments ? await askRegistry(listed, door, context) : listed;
	const bytes = format === 'spdx' ? toSpdx(sbom) : toCycloneDx(sbom);
	const score = scoreSbom(sbom);
	if (out !== undefined) await writeFile(resolve(cwd, out), bytes);
	else context.log.info(toScoreText(score));
	const document = Buffer.from(bytes).toString().trimEnd();
	return {
		code: EXIT.done,
		json: out === undefined ? JSON.parse(document) : { out, components: sbom.components.length, score },
		text: () =>
			out === undefined ? document : `${out}: ${sbom.components.length} components\n${toScoreText(score)}`,
	};
};
