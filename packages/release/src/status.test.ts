import type { Publisher } from '@slipway/core';
import { abort } from './abort.ts';
import { continueOperation } from './continue.ts';
import { problem, toManifest, withYard } from './phases.fixture.ts';
import { restore } from './restore.ts';
import { status } from './status.ts';

const yard = withYard();

const of = (version: string, more: Partial<Publisher> = {}) => ({
	...yard().request({ publishers: yard().publishers(more) }),
	version,
});
const ship = (version: string) => yard().run({ manifest: toManifest(version) });
const see = (version: string, more?: Partial<Publisher>) => status(of(version, more), yard().context);
const goOn = (version: string) => continueOperation({ ...of(version), manifest: undefined }, yard().context);
const giveUp = (version: string) => abort({ ...of(version), reason: 'it is bad' }, yard().context);
const bringBack = (version: string) =>
	restore({ ...of(version), reason: 'it is good', act: true }, yard().context);

const pointers = () => [
	yard().one.pointers.get('pkg:one/demo'),
	yard().one.pointers.get('pkg:one/extra'),
	yard().two.pointers.get('pkg:two/demo'),
];
const pointTo = (version: string): void => {
	yard().one.pointers.set('pkg:one/demo', version).set('pkg:one/extra', version);
	yard().two.pointers.set('pkg:two/demo', version);
};
const setBytes = (version: string, digit: string) =>
	yard().two.files.set(`two-demo-${version}.bin`, digit.repeat(64));

/** A release whose upload to `two` was refused, given up. */
const shipAndGiveUp = async (version: string): Promise<void> => {
	yard().two.fault = () => 'refused';
	expect((await ship(version)).state).toBe('HELD');
	yard().two.fault = () => undefined;
	expect((await giveUp(version)).state).toBe('ABORTED');
};

const REFUSED = { code: 'OPERATION_REFUSED' };
const BACK = (version: string) => `slipway rollback ${version} --reason TEXT --yes`;

test('a release that another one followed is complete, and going on with it does not put it in the place of that one', async () => {
	await ship('1.0.0');
	await ship('1.1.0');
	const done = { state: 'COMPLETED', next: null };
	expect(await see('1.0.0')).toMatchObject(done);
	expect(await goOn('1.0.0')).toMatchObject({ ...done, operation: 'status' });
	yard().two.pointers.set('pkg:two/demo', '1.0.0');
	expect(await see('1.0.0')).toMatchObject({ state: 'HELD', next: null });
	expect(await goOn('1.0.0')).toMatchObject({ state: 'HELD', next: null });
	expect(pointers()).toEqual(['1.1.0', '1.1.0', '1.0.0']);
});

test('other bytes of a release that is over are told, and nothing is given up for them', async () => {
	await ship('1.0.0');
	await ship('1.1.0');
	setBytes('1.0.0', 'b');
	expect(await see('1.0.0')).toMatchObject({ state: 'STOPPED_MISMATCH', next: null });
	await expect(giveUp('1.0.0')).rejects.toMatchObject(REFUSED);
});

test('other bytes of what was rolled back do not take away the way forth again', async () => {
	await ship('1.0.0');
	await ship('1.1.0');
	await yard().undo('1.1.0');
	setBytes('1.1.0', 'b');
	expect(await see('1.1.0')).toMatchObject({ state: 'STOPPED_MISMATCH', next: null });
	await expect(giveUp('1.1.0')).rejects.toMatchObject(REFUSED);
	setBytes('1.1.0', 'a');
	expect(await bringBack('1.1.0')).toMatchObject({ state: 'COMPLETED' });
});

test('other bytes of what was given up are not given up again', async () => {
	await shipAndGiveUp('1.0.0');
	setBytes('1.0.0', 'b');
	expect(await see('1.0.0')).toMatchObject({ state: 'STOPPED_MISMATCH', next: null });
});

test('a first release whose way back failed once goes on, as the rollback itself said', async () => {
	await ship('1.0.0');
	const withdraw = () => Promise.reject(problem('A_A'));
	const publishers = [yard().publisher('one', { withdraw }), yard().publisher('two', { withdraw })];
	const held = await yard().undo('1.0.0', { publishers });
	expect(held).toMatchObject({ state: 'HELD', next: 'slipway continue 1.0.0' });
	expect(await see('1.0.0')).toMatchObject({ state: 'HELD', next: held.next });
	expect(await goOn('1.0.0')).toMatchObject({ state: 'ROLLED_BACK' });
});

test('what was given up and is shown by somebody is hauled back, and cannot be restored', async () => {
	await shipAndGiveUp('1.0.0');
	yard().one.pointers.set('pkg:one/demo', '1.0.0');
	expect(await see('1.0.0')).toMatchObject({ state: 'HELD', next: BACK('1.0.0') });
	expect(await yard().undo('1.0.0')).toMatchObject({ state: 'ROLLED_BACK' });
	await expect(bringBack('1.0.0')).rejects.toMatchObject(REFUSED);
});

test('what was rolled back, and is wholly shown again, is not complete', async () => {
	await ship('1.0.0');
	await ship('1.1.0');
	await yard().undo('1.1.0');
	pointTo('1.1.0');
	expect(await see('1.1.0')).toMatchObject({ state: 'HELD', next: BACK('1.1.0') });
});

test('what was rolled back is offered to be restored until another release came after it', async () => {
	await ship('1.0.0');
	await ship('1.1.0');
	await yard().undo('1.1.0');
	expect(await see('1.1.0')).toMatchObject({ state: 'ROLLED_BACK', next: 'slipway restore 1.1.0 --yes' });
	await ship('1.2.0');
	expect(await see('1.1.0')).toMatchObject({ state: 'ROLLED_BACK', next: null });
});

test('what is over does not go on because a target takes its time', async () => {
	await ship('1.0.0');
	await ship('1.1.0');
	await yard().undo('1.1.0');
	const probe: Publisher['probe'] = async () => ({ state: 'pending', waitsFor: 'time', reason: 'slow' });
	expect(await see('1.1.0', { probe })).toMatchObject({ state: 'PENDING_EXTERNAL', next: null });
});
