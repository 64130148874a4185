import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { toReleaseExhibits } from '../bundle/release-exhibits.ts';
import { ask } from '../judge/ask.ts';
import { ACCEPTS, type Judge, REFUSES } from '../judge/judge.ts';
import { askNtia, askSpdxTools, askSyft, type LookAt } from '../judge/sbom-tools.ts';
import type { MadeRelease } from '../maker/slipway-release.ts';
import type { Expectation, Trial } from '../trial.ts';
import type { World } from '../world.ts';

const SECTION = 'A whole release, made and signed by the command';

const toSumsTrials = ({ folder }: MadeRelease, world: World): Trial[] => {
	const changed = join(world.folder, 'release-changed');
	cpSync(folder, changed, { recursive: true });
	const [, file = ''] = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').split('\n')[0]?.split(/ [ *]/) ?? [];
	appendFileSync(join(changed, file), '\n');
	const check = (cwd: string) => () => ask(['sha256sum', '--check', '--strict', 'SHA256SUMS'], { cwd });
	const trial = { section: SECTION, judge: 'sha256sum', row: 'SHA256SUMS' };
	return [
		{ ...trial, item: 'as made', expectation: ACCEPTS, look: check(folder) },
		{ ...trial, item: 'one byte more in an artifact', expectation: REFUSES, look: check(changed) },
	];
};

/** What is only depended on by name states no supplier anywhere in the bytes, and none is guessed. */
const toNtiaExpectation = (path: string): Expectation =>
	path.includes('.deb.')
		? {
				...REFUSES,
				because: 'no byte of a .deb says who supplies the packages that it depends on: NOASSERTION',
				saying: /component suppliers provided\? \| False/,
			}
		: ACCEPTS;

/** The SBOMs of its artifacts: SPDX has the minimum elements and is valid, both formats can be read. */
const toSbomTrials = ({ folder, sboms }: MadeRelease): Trial[] =>
	sboms.flatMap((path): Trial[] => {
		const file = join(folder, path);
		const isSpdx = path.endsWith('.spdx.json');
		const trial = { section: SECTION, row: isSpdx ? 'SBOM, SPDX' : 'SBOM, CycloneDX', item: basename(path) };
		const toTrial = (judge: string, look: LookAt): Trial => ({
			...trial,
			judge,
			expectation: ACCEPTS,
			look: () => look(file),
		});
		const ntia = { ...toTrial('ntia-conformance-checker', askNtia), expectation: toNtiaExpectation(path) };
		const spdx = [ntia, toTrial('pyspdxtools', askSpdxTools)];
		return [...(isSpdx ? spdx : []), toTrial('syft', askSyft)];
	});

/** Every bundle of a release that the command made, beside its file, before every judge; its SBOMs and its SHA256SUMS. */
export const toReleaseTrials = (
	release: MadeRelease,
	world: World,
	judges: readonly Judge[],
): readonly Trial[] => {
	const trials = toReleaseExhibits(release, world).flatMap((exhibit) =>
		judges.map((judge): Trial => {
			const expectation = judge.expect(exhibit);
			const item = `${exhibit.statement}, ${basename(exhibit.file)}`;
			const trial = { section: SECTION, row: exhibit.statement, item, judge: judge.name, expectation };
			return expectation.verdict === 'cannot judge' ? trial : { ...trial, look: () => judge.look(exhibit) };
		}),
	);
	return [...trials, ...toSbomTrials(release), ...toSumsTrials(release, world)];
};
