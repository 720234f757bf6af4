// Asks veraPDF whether files comply: java -cp … Validate 2a,ua1 FILE... A line per file and standard,
// then what departs from it. Ends with 0 when every file complies.

import java.io.File;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean comply = true;
        for (int nth = 1; nth < arguments.length; nth++) {
            for (String standard : arguments[0].split(",")) {
                comply &= complies(new File(arguments[nth]), PDFAFlavour.byFlavourId(standard));
            }
        }
        System.exit(comply ? 0 : 1);
    }

    private static boolean complies(File file, PDFAFlavour flavour) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
            ValidationResult result = validator.validate(parser);
            System.out.printf("%s %s: %s (%d assertions)%n", file.getName(), flavour.getId(),
                result.isCompliant() ? "complies" : "departs", result.getTotalAssertions());
            for (TestAssertion found : result.getTestAssertions()) {
                if (found.getStatus() != TestAssertion.Status.PASSED) {
                    System.out.printf("  %s-%d %s (%s)%n", found.getRuleId().getClause(),
                        found.getRuleId().getTestNumber(), found.getMessage(),
                        found.getLocation().getContext());
                }
            }
            return result.isCompliant();
        }
    }
}
