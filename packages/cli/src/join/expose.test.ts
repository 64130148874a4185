// A job that was started to expose a release that somebody has taken back meanwhile.
import { claimOnly } from '@slipway/release';
import { buildProject } from './build.ts';
import { exposeProject } from './expose.ts';
import { toRequest } from './operations.ts';
import { ACTING, type SpeechWorld, startSpeechWorld } from './preview-world.fixture.ts';
import { type Door, openProject } from './project.ts';
import { abortProject, rollbackProject } from './undo.ts';

let world: SpeechWorld;
beforeAll(async () => {
	world = await startSpeechWorld();
});
afterAll(() => world.stop());

const write = (name: string, version: string) =>
	world.write(name, version, { apt: { 'trusted-keys': [world.publicKeyFile] } });

const claim = async (door: Door): Promise<void> => {
	const project = await openProject(door);
	const built = await buildProject(project, world.context);
	await claimOnly(await toRequest(project, built, ACTING), world.context);
};

const expose = (door: Door, version: string) => exposeProject(door, { ...ACTING, version }, world.context);

test('it was ended', async () => {
	const door = await write('ended', '1.0.0');
	await claim(door);
	await abortProject(door, { ...ACTING, version: '1.0.0', reason: 'no' }, world.context);
	await expect(expose(door, '1.0.0')).rejects.toMatchObject({ code: 'EXPOSE_TAKEN_BACK' });
});

test('it was hauled back; before that it is exposed, and again', async () => {
	await world.release(await write('hauled', '1.0.0'));
	const door = await write('hauled', '1.1.0');
	await claim(door);
	for (let time = 0; time < 2; time += 1)
		expect(await expose(door, '1.1.0')).toMatchObject({ operation: 'release', state: 'COMPLETED' });
	const undo = { ...ACTING, version: '1.1.0', reason: 'bad', act: true };
	expect(await rollbackProject(door, undo, world.context)).toMatchObject({ state: 'ROLLED_BACK' });
	await expect(expose(door, '1.1.0')).rejects.toMatchObject({ code: 'EXPOSE_TAKEN_BACK' });
});
