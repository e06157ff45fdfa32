import type { OwnedParameter, Settings } from '../parameter-list.js';
import type { ConfigurationView, RenderedDocument } from '../vendor.js';
import type { GigasetModel } from './models.js';

/** What distinguishes the configurations of one generation of bases from those of another. */
export interface BaseSeries {
  /** The parameters owned on a model, in groups. */
  groupsOf(model: GigasetModel): readonly (readonly OwnedParameter[])[];
  settingsOf(view: ConfigurationView, model: GigasetModel): Settings;
  /**
   * @param parameters those that are owned and then the free ones, as they stand in the document
   */
  frame(view: ConfigurationView, model: GigasetModel, parameters: string): RenderedDocument;
  free: {
    /** What the name of a free parameter looks like. */
    form: RegExp;
    /**
     * The same for all places of one kind, for a free parameter is not to set one that another name
     * of it reaches.
     */
    kindOf: (name: string) => string;
    write: (name: string, value: string) => string;
    clearedOf: (name: string) => string;
  };
}
