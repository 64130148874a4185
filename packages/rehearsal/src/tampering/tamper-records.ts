import { forgeBundle } from './forge-bundle.ts';
import type { ReleaseCopy } from './release-copy.ts';
import type { Means, Tampering } from './tampering.ts';

const toBundle = (record: string): string =>
	`attestations/stage-${record.replace(/^records\//, '').replace(/\.json$/, '')}.sigstore.json`;

const findRecord = async (copy: ReleaseCopy, stage: string): Promise<string | undefined> =>
	(await copy.list('records')).find((path) => path.startsWith(`records/${stage}-`));

/** A change of one stage's record, where there is one. */
const change =
	(
		stage: string,
		apply: (copy: ReleaseCopy, path: string, means: Means) => Promise<readonly string[] | undefined>,
	): Tampering['apply'] =>
	async (copy, means) => {
		const path = await findRecord(copy, stage);
		return path === undefined ? undefined : apply(copy, path, means);
	};

const editTool = (text: string): string => text.replace(/("version"\s*:\s*")/, '$19');

/** A stage leaves the chain: its record and its signature. */
const takeOut = (stage: string): Tampering['apply'] =>
	change(stage, async (copy, path) => {
		await copy.remove(path);
		await copy.remove(toBundle(path));
		return [path, `records/${stage}`];
	});

/** Records of stages and their signatures: the links of the chain. */
const LINKS: readonly Tampering[] = [
	{
		id: 'record-edited',
		what: 'the record of the build names another tool version',
		apply: change('build', async (copy, path) => {
			await copy.edit(path, editTool);
			return [path];
		}),
	},
	{
		id: 'record-resigned',
		what: 'the record of the build was edited and signed again by somebody else',
		apply: change('build', async (copy, path, { sigstore, claims }) => {
			await copy.edit(path, editTool);
			const reference = 'mallory/greet/.github/workflows/release.yml@refs/tags/v1.0.0';
			const bundle: { dsseEnvelope: { payload: string } } = JSON.parse(await copy.readText(toBundle(path)));
			const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64');
			const theirs = { ...claims, job_workflow_ref: reference };
			await copy.write(toBundle(path), await forgeBundle(sigstore, { payload, claims: theirs }));
			return [path, toBundle(path)];
		}),
	},
	{
		id: 'record-gone',
		what: 'the record of the build was taken out, its signature too',
		apply: takeOut('build'),
	},
	{
		id: 'record-swapped',
		what: 'the record of the build took the place of that of the tests',
		apply: change('test', async (copy, path) => {
			const build = await findRecord(copy, 'build');
			if (build === undefined) return undefined;
			await copy.replace(path, build);
			return [path];
		}),
	},
	{
		id: 'record-unsigned',
		what: 'the signature of a record was taken out',
		apply: change('build', async (copy, path) => {
			await copy.remove(toBundle(path));
			return [path];
		}),
	},
	{
		id: 'record-added',
		what: 'a record of a run that never was was put beside the others',
		apply: change('build', async (copy, path) => {
			const added = 'records/build-plan9-mips.json';
			await copy.replace(added, path);
			return [added];
		}),
	},
	{
		id: 'test-gone',
		what: 'the record of the tests was taken out, its signature too',
		apply: takeOut('test'),
	},
	{
		id: 'reproduction-gone',
		what: 'the record of the second build was taken out, its signature too',
		apply: takeOut('reproduce'),
	},
];

const GATE = 'gate/report.json';
const SUMS = 'SHA256SUMS';
const SUMMARY = 'attestations/vsa.sigstore.json';

const REPORTS: readonly Tampering[] = [
	{
		id: 'gate-edited',
		what: 'the report of the gates was edited',
		apply: async (copy) => {
			if (!(await copy.has(GATE))) return undefined;
			await copy.edit(GATE, (text) => `${text.trimEnd()} \n\n`);
			return [GATE];
		},
	},
	{
		id: 'gate-gone',
		what: 'the gates were taken out: report, record, and signature',
		apply: async (copy, means) => {
			for (const path of await copy.list('gate')) await copy.remove(path);
			const links = await takeOut('gate')(copy, means);
			return links && [...links, GATE];
		},
	},
	{
		id: 'sums-edited',
		what: 'a line of SHA256SUMS was changed',
		apply: async (copy) => {
			await copy.edit(SUMS, (text) => text.replace(/^[0-9a-f]{8}/, '00000000'));
			return [SUMS];
		},
	},
	{
		id: 'sums-unsigned',
		what: 'the signature of SHA256SUMS was taken out',
		apply: async (copy) => {
			const bundle = `attestations/${SUMS}.sigstore.json`;
			if (!(await copy.has(bundle))) return undefined;
			await copy.remove(bundle);
			return [bundle, SUMS];
		},
	},
	{
		id: 'summary-edited',
		what: 'the verification summary was edited',
		apply: async (copy) => {
			if (!(await copy.has(SUMMARY))) return undefined;
			const bundle: { dsseEnvelope: { payload: string } } = JSON.parse(await copy.readText(SUMMARY));
			const text = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString();
			const payload = Buffer.from(
				text.replace(/"verifiedLevels":\[[^\]]*\]/, '"verifiedLevels":["SLSA_BUILD_LEVEL_3"]'),
			);
			const dsseEnvelope = { ...bundle.dsseEnvelope, payload: payload.toString('base64') };
			await copy.write(SUMMARY, JSON.stringify({ ...bundle, dsseEnvelope }));
			return [SUMMARY];
		},
	},
];

/** Records of stages, the gates' report, checksums and the summary. */
export const RECORDS: readonly Tampering[] = [...LINKS, ...REPORTS];
