import { type GigasetModel, type Series, modelOf } from './models.js';
import { ownedParameters as ownedOnN510 } from './n510/parameters.js';
import { ownedParameters as ownedOnN720 } from './n720/parameters.js';
import { ownedParameters as ownedOnN870 } from './n870/parameters.js';
import type { Owned } from './owned.js';

interface Names {
  form: RegExp;
  owned: (model: GigasetModel) => Owned;
  /**
   * The same for all places of one kind, for a free parameter is not to set one that another name
   * of it reaches.
   */
  kindOf: (name: string) => string;
}

/** `[%]` means all places; `[0]` at the end of a string is its beginning. */
const ofSymbol = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/\[[^\]]*\]/g, '[]')
    .replace(/(?:\[\])+$/, '')
    .replace(/_\d+$/, '');
const SYMBOL = /^[A-Za-z]\w*(?:\[(?:\d{1,3}|%)\])?(?:\.\w+(?:\[(?:\d{1,3}|%)\])?){1,6}$/;

const NAMES: Record<Series, Names> = {
  n510: { form: SYMBOL, owned: ownedOnN510, kindOf: ofSymbol },
  n720: { form: SYMBOL, owned: ownedOnN720, kindOf: ofSymbol },
  n870: {
    form: /^[A-Za-z]\w*(?:\.[\w-]+){1,6}$/,
    owned: ownedOnN870,
    kindOf: (name) => name.toLowerCase().replace(/\.[\w-]+\./, '.*.'),
  },
};

/**
 * Beyond what we set: all else of where the base is provisioned from and of who may configure it,
 * and what names a user, a password or a server in any of the places and sections that there are.
 */
const OURS =
  /^(?:provisioning|webuiaccounts|redirect\w*|remote\w*|tr069|autoprov\w*)\.|^sipaccount\..*\.(?:\w*user\w*|\w*auth\w*|\w*pass\w*|login\w*|provider\w*|displayname|sipid)$|^sipprovider\..*\.(?:\w*(?:server|proxy|domain|address|port|protocol|failover)\w*|name)$|\.(?:auc\w*_?sip_(?:login|user|password|server|registrar|domain)\w*|\w*data_server\w*|\w*firmware\w*|\w*configfile\w*|\w*outbound_proxy\w*|webuipassword|auckdspin)(?:\[|$)/i;

/** Why a free parameter cannot be set, in words; null when it can. */
export function rawFault(name: string, modelName: string | null): string | null {
  const model = modelOf(modelName);
  const { form, owned, kindOf } = NAMES[model.series];
  if (name.length > 100 || !form.test(name)) return 'is no parameter name of this family';
  const kind = kindOf(name);
  const isOwned = owned(model).groups.some((group) => group.some((own) => kindOf(own.name) === kind));
  return isOwned || OURS.test(name) ? 'is a parameter that Dialgate sets itself' : null;
}
