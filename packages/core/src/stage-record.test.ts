import * as v from 'valibot';
import { STAGE_RECORD_MEDIA_TYPE, StageRecord } from './stage-record.ts';

const RECORD: StageRecord = {
	mediaType: STAGE_RECORD_MEDIA_TYPE,
	stage: 'build',
	tool: { name: 'slipway', version: '0.0.0' },
	platform: { os: 'linux', arch: 'x64', node: '24.0.0' },
	start: '2026-11-21T12:00:00Z',
	end: '2026-11-21T12:00:01Z',
	inputs: [],
	outputs: [],
	follows: [],
	notes: [],
};

test('this platform makes a record', () => {
	const platform = { os: process.platform, arch: process.arch, node: process.versions.node };
	expect(v.is(StageRecord, { ...RECORD, platform })).toBe(true);
});

test.each(['../../../../tmp/evil', 'a/b', 'a\\b', '..', '', 'A', '-a', 'a\n', 'a'.repeat(101)])(
	'%j is neither a stage nor a platform: the record is a file of that name',
	(name) => {
		const { platform } = RECORD;
		const evil = [
			{ ...RECORD, stage: name },
			{ ...RECORD, platform: { ...platform, os: name } },
			{ ...RECORD, platform: { ...platform, arch: name } },
		];
		expect(evil.filter((record) => v.is(StageRecord, record))).toEqual([]);
	},
);
