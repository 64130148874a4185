export { CHARACTERS, toCharacter, toCharacterIndex } from './characters.ts';
export { COMPILE_CACHE } from './compile-cache.ts';
export { describePublisher, publisherChecks, runPublisherCheck } from './describe-publisher.ts';
export type { PublisherCheck, PublisherSubject } from './describe-publisher-subject.ts';
export {
	describeStore,
	racingChecks,
	runStoreCheck,
	sequentialChecks,
	storeChecks,
} from './describe-store.ts';
export { type StoreCheck, type StoreSubject, toWriterArguments } from './describe-store-subject.ts';
export { describeWith, findTool, toToolVerdict } from './describe-with.ts';
export { type ActionYml, readActionYml, runBundle } from './fake-github/action-yml.ts';
export type { Fault } from './fake-github/exchange.ts';
export {
	type FakeGitHub,
	type FakeGitHubOptions,
	type FakeJob,
	startFakeGitHub,
	withFakeGitHub,
} from './fake-github/fake-github.ts';
export { runStep, type Step, type StepResult } from './fake-github/run-step.ts';
export { type ExecutedCommand, readCommands, readKeyValues } from './fake-github/runner-commands.ts';
export {
	type GitMisbehaviour,
	type GitServer,
	type GitServerOptions,
	type GitService,
	serveGit,
} from './git-server.ts';
export { killAt, toCrashEnvironment } from './process-crash.ts';
export { type Member, withTeam } from './process-team.ts';
export {
	type LostReply,
	type S3Exchange,
	type S3Proxy,
	type S3ProxyOptions,
	serveS3Proxy,
} from './s3-proxy.ts';
export { findS3Server, type S3Server, type S3ServerKind, startS3Server } from './s3-server.ts';
export { type SimulatedFault, SimulatedRegistry, simulatedPublisher } from './simulated-target.ts';
export { type DurableCall, type DurableStep, type TraceOptions, traceDurableSteps } from './strace-steps.ts';
export { testContext, VirtualClock } from './virtual-clock.ts';
export { describeAtLength, isWhole, testAtLength } from './whole.ts';
