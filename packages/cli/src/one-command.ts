import type { AddCommand } from './run-program.ts';

const build = async () => import('./commands/build.ts');
const operations = async () => import('./commands/operations.ts');

/** A command by its name, loaded without the others: all of them together bring every part of a release with them. */
export const ONE_COMMAND: Readonly<Record<string, () => Promise<AddCommand>>> = {
	init: async () => (await import('./commands/init.ts')).addInit,
	doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
	build: async () => (await build()).addBuild,
	reproduce: async () => (await build()).addReproduce,
	join: async () => (await build()).addJoin,
	sbom: async () => (await import('./commands/sbom.ts')).addSbom,
	sign: async () => (await import('./commands/sign.ts')).addSign,
	gate: async () => (await import('./commands/gate.ts')).addGate,
	plan: async () => (await import('./commands/plan.ts')).addPlan,
	release: async () => (await operations()).addRelease,
	continue: async () => (await operations()).addContinue,
	status: async () => (await operations()).addStatus,
	abort: async () => (await operations()).addAbort,
	rollback: async () => (await operations()).addRollback,
	restore: async () => (await operations()).addRestore,
	verify: async () => (await import('./commands/verify.ts')).addVerify,
	watch: async () => (await import('./commands/watch.ts')).addWatch,
	rehearse: async () => (await import('./commands/rehearse.ts')).addRehearse,
	apt: async () => (await import('./commands/apt.ts')).addApt,
	keys: async () => (await import('./commands/keys.ts')).addKeys,
	conformance: async () => (await import('./commands/conformance.ts')).addConformance,
	store: async () => (await import('./commands/store.ts')).addStore,
};
