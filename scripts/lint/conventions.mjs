/**
 * Conventions of CONTRIBUTING.md that no published rule holds, as a plug-in of the linter.
 */
const COMMENT_COLUMNS = 100;
/** What the linter itself reads has to stand in one line. */
const DIRECTIVE = /^\s*(?:oxlint|eslint|@ts)-/;

const RIDDLE = /\b(?:nobody|whoever|whomever|he|him|his)\b/i;
const RFC_SECTION = /\bRFC \d+,? (?:sections?|§)/;

const commentWidth = {
  create(context) {
    return onEachCommentLine(context, (text, column) => {
      if (column + text.length > COMMENT_COLUMNS) return `A comment wraps at ${COMMENT_COLUMNS} columns.`;
      return null;
    });
  },
};

const plainEnglish = {
  create(context) {
    return onEachCommentLine(context, (text) => {
      const riddle = RIDDLE.exec(text);
      if (riddle !== null) return `"${riddle[0]}": name the client, phone, caller or administrator.`;
      if (RFC_SECTION.test(text)) return 'A section of an RFC is written "RFC 3261 17.1.2".';
      return null;
    });
  },
};

/**
 * Absence is `null`. What may stay `undefined` is what the language gives: to a parameter, to a
 * variable, to an optional member, under a missing key, and to a column that an insert leaves out.
 */
const nullForAbsence = {
  create(context) {
    return {
      TSUnionType(node) {
        const absent = node.types.find(({ type }) => type === 'TSUndefinedKeyword');
        if (absent === undefined || isOfTheLanguage(node)) return;
        context.report({ node: absent, message: 'What is absent is null.' });
      },
    };
  },
};

const FUNCTION = /Function|TSMethodSignature/;

function isOfTheLanguage({ parent }) {
  if (parent.type === 'TSMappedType') return parent.optional !== false;
  if (parent.type === 'TSTypeParameterInstantiation') return parent.parent.typeName?.name === 'ColumnType';
  if (parent.type !== 'TSTypeAnnotation') return false;
  const annotated = parent.parent;
  switch (annotated.type) {
    case 'TSIndexSignature':
      return true;
    case 'TSPropertySignature':
      return annotated.optional;
    case 'Identifier':
      return annotated.parent.type === 'VariableDeclarator' || FUNCTION.test(annotated.parent.type);
    default:
      return false;
  }
}

const SHORTENED = new Map([
  ['req', 'request'],
  ['res', 'response'],
]);

const oneSpelling = {
  create(context) {
    return {
      Identifier(node) {
        const { name, parent } = node;
        // A member of a library's object is spelt as the library has it.
        if (parent.type === 'TSPropertySignature') return;
        if (parent.type === 'MemberExpression' && parent.property === node && !parent.computed) return;
        const spelling = SHORTENED.get(name) ?? name.replace(/_MILLISECONDS$/, '_MS');
        if (spelling !== name) context.report({ node, message: `"${name}" is spelt "${spelling}".` });
      },
    };
  },
};

function onEachCommentLine(context, check) {
  return {
    Program() {
      for (const { value, loc } of context.sourceCode.getAllComments()) {
        if (DIRECTIVE.test(value)) continue;
        for (const [index, text] of value.split('\n').entries()) {
          const column = index === 0 ? loc.start.column + '//'.length : 0;
          const message = check(text, column);
          if (message === null) continue;
          const line = loc.start.line + index;
          context.report({
            loc: { start: { line, column: 0 }, end: { line, column: column + text.length } },
            message,
          });
        }
      }
    },
  };
}

export default {
  meta: { name: 'dialgate' },
  rules: {
    'comment-width': commentWidth,
    'plain-english': plainEnglish,
    'null-for-absence': nullForAbsence,
    'one-spelling': oneSpelling,
  },
};
