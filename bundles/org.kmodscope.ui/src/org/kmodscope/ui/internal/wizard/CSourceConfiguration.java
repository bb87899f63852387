/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.wizard;

import java.util.List;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.text.IDocument;
import org.eclipse.jface.text.TextAttribute;
import org.eclipse.jface.text.presentation.IPresentationReconciler;
import org.eclipse.jface.text.presentation.PresentationReconciler;
import org.eclipse.jface.text.rules.DefaultDamagerRepairer;
import org.eclipse.jface.text.rules.EndOfLineRule;
import org.eclipse.jface.text.rules.IRule;
import org.eclipse.jface.text.rules.IToken;
import org.eclipse.jface.text.rules.IWordDetector;
import org.eclipse.jface.text.rules.MultiLineRule;
import org.eclipse.jface.text.rules.RuleBasedScanner;
import org.eclipse.jface.text.rules.SingleLineRule;
import org.eclipse.jface.text.rules.Token;
import org.eclipse.jface.text.rules.WordRule;
import org.eclipse.jface.text.source.ISourceViewer;
import org.eclipse.jface.text.source.SourceViewerConfiguration;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.widgets.Display;

/** Just enough of C in colour to read a preview; editing is the business of CDT. */
final class CSourceConfiguration extends SourceViewerConfiguration {

    private static final List<String> KEYWORDS =
            List.of(
                    "break",
                    "case",
                    "char",
                    "const",
                    "continue",
                    "default",
                    "do",
                    "else",
                    "enum",
                    "extern",
                    "for",
                    "goto",
                    "if",
                    "inline",
                    "int",
                    "long",
                    "return",
                    "short",
                    "signed",
                    "sizeof",
                    "static",
                    "struct",
                    "switch",
                    "typedef",
                    "union",
                    "unsigned",
                    "void",
                    "volatile",
                    "while",
                    "bool",
                    "size_t",
                    "ssize_t");

    private final boolean dark;

    CSourceConfiguration(Display display) {
        Color ground = display.getSystemColor(SWT.COLOR_LIST_BACKGROUND);
        dark = ground.getRed() + ground.getGreen() + ground.getBlue() < 3 * 128;
    }

    @Override
    public IPresentationReconciler getPresentationReconciler(@Nullable ISourceViewer viewer) {
        RuleBasedScanner scanner = new RuleBasedScanner();
        IToken comment = token(dark ? 0x7fb38a : 0x3f7f5f, SWT.NORMAL);
        IToken keyword = token(dark ? 0xd98cc0 : 0x7f0055, SWT.BOLD);
        IToken string = token(dark ? 0x8fb8ff : 0x2a00ff, SWT.NORMAL);
        IToken directive = token(dark ? 0xb0b6be : 0x646464, SWT.NORMAL);
        WordRule words = new WordRule(new Identifier());
        KEYWORDS.forEach(word -> words.addWord(word, keyword));
        EndOfLineRule preprocessor = new EndOfLineRule("#", directive);
        preprocessor.setColumnConstraint(0);
        scanner.setRules(
                new IRule[] {
                    new MultiLineRule("/*", "*/", comment),
                    new EndOfLineRule("//", comment),
                    new SingleLineRule("\"", "\"", string, '\\'),
                    new SingleLineRule("'", "'", string, '\\'),
                    preprocessor,
                    words
                });
        PresentationReconciler reconciler = new PresentationReconciler();
        // A preview's text is replaced as a whole, so the repairer always sees all of a comment.
        DefaultDamagerRepairer whole = new DefaultDamagerRepairer(scanner);
        reconciler.setDamager(whole, IDocument.DEFAULT_CONTENT_TYPE);
        reconciler.setRepairer(whole, IDocument.DEFAULT_CONTENT_TYPE);
        return reconciler;
    }

    private static IToken token(int rgb, int style) {
        Color color = new Color(rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff);
        return new Token(new TextAttribute(color, null, style));
    }

    private static final class Identifier implements IWordDetector {

        @Override
        public boolean isWordStart(char c) {
            return Character.isJavaIdentifierStart(c);
        }

        @Override
        public boolean isWordPart(char c) {
            return Character.isJavaIdentifierPart(c);
        }
    }
}
