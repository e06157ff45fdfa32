import { NO_NAME, OWNED, writeFree } from '../free-parameters.js';
import { listPerModel, oncePerModel } from '../parameter-list.js';
import type { ConfigurationView, RenderedDocument } from '../vendor.js';
import { type GigasetModel, type Series, modelOf } from './models.js';
import { N510 } from './n510.js';
import { N720 } from './n720.js';
import { N870 } from './n870/configuration.js';
import type { BaseSeries } from './series.js';

const SERIES: Record<Series, BaseSeries> = { n510: N510, n720: N720, n870: N870 };

const groupsOf = (model: GigasetModel) => SERIES[model.series].groupsOf(model);

/** The parameters owned on a model. */
const ownedParameters = listPerModel(groupsOf);

/** Either configuration: every parameter owned on the model, then the free ones. */
export function render(view: ConfigurationView): RenderedDocument {
  const model = modelOf(view.model);
  const series = SERIES[model.series];
  const settings = series.settingsOf(view, model);
  const free = writeFree(view, rawFault, series.free.clearedOf, series.free.write);
  return series.frame(view, model, ownedParameters(model).write(settings) + free);
}

const ownedKinds = oncePerModel((model: GigasetModel): ReadonlySet<string> => {
  const { kindOf } = SERIES[model.series].free;
  return new Set(
    groupsOf(model)
      .flat()
      .map(({ name }) => kindOf(name)),
  );
});

/**
 * Beyond what we set: all else of where the base is provisioned from and of who may configure it,
 * and what names a user, a password or a server in any of the places and sections that there are.
 */
const OURS =
  /^(?:provisioning|webuiaccounts|redirect\w*|remote\w*|tr069|autoprov\w*)\.|^sipaccount\..*\.(?:\w*user\w*|\w*auth\w*|\w*pass\w*|login\w*|provider\w*|displayname|sipid)$|^sipprovider\..*\.(?:\w*(?:server|proxy|domain|address|port|protocol|failover)\w*|name)$|\.(?:auc\w*_?sip_(?:login|user|password|server|registrar|domain)\w*|\w*data_server\w*|\w*firmware\w*|\w*configfile\w*|\w*outbound_proxy\w*|webuipassword|auckdspin)(?:\[|$)/i;

/** Why a free parameter cannot be set, in words; null when it can. */
export function rawFault(name: string, modelName: string | null): string | null {
  const model = modelOf(modelName);
  const { form, kindOf } = SERIES[model.series].free;
  if (name.length > 100 || !form.test(name)) return NO_NAME;
  return ownedKinds(model).has(kindOf(name)) || OURS.test(name) ? OWNED : null;
}
