import type { Setting } from '@slipway/github';
import { bad, type Observation } from './observation.ts';

/** What a setting says; where it cannot be read, that. */
export const fromSetting = <Value>(
	about: string,
	setting: Setting<Value>,
	say: (value: Value | undefined) => readonly Observation[],
): readonly Observation[] => {
	if (setting.state === 'known') return say(setting.value);
	if (setting.state === 'absent') return say(undefined);
	return [bad('unknown', 'DOCTOR_UNREADABLE', { about, message: setting.reason, action: setting.hint })];
};
